"""The constants of datetime."""

import native_datetime as _datetime

MINYEAR = 1
MAXYEAR = 9999
UTC = _datetime.timezone.utc
