"""How allauth is set up; config/settings.py takes these names over. No Django import here."""

AUTHENTICATION_BACKENDS = ["accounts.backends.StaffAwareBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NoSiteWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.web.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.web.forms.LoginForm",
    "signup": "accounts.web.forms.SignupForm",
    "request_login_code": "accounts.web.forms.RequestCodeForm",
    "confirm_login_code": "accounts.web.forms.ConfirmSignInForm",
    "reset_password": "accounts.web.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.web.forms.NewPasswordForm",
    "confirm_email_verification_code": "accounts.web.forms.ConfirmAddressForm",
    "confirm_password_reset_code": "accounts.web.forms.ConfirmResetForm",
    "change_password": "accounts.web.forms.ChangePasswordForm",
    "set_password": "accounts.web.forms.SetPasswordForm",
}

# The column that allauth takes for an address holds a pseudonym: see accounts/pseudonyms.py.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "pseudonym"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
# Nine digits: two minutes to type at most, and three tries against a thousand million.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 9, "dashed": True}

ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True

ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

# Second factors. Their secrets stand sealed in our own table: accounts/second_factors.py.
MFA_ADAPTER = "accounts.web.mfa_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {
    "authenticate": "accounts.web.mfa_forms.AuthenticateForm",
    "activate_totp": "accounts.web.mfa_forms.ActivateAppForm",
    "add_webauthn": "accounts.web.mfa_forms.AddPasskeyForm",
    "authenticate_webauthn": "accounts.web.mfa_forms.AuthenticatePasskeyForm",
    "login_webauthn": "accounts.web.mfa_forms.LoginPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Anxin"
# A phone whose clock is half a minute off still gets in.
MFA_TOTP_TOLERANCE = 1
