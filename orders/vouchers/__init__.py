"""Services that were bought: redeemed piece by piece by code, or paid back when their time is over."""
