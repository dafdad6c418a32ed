"""The stand-in issuer's signing keys.

PUBLIC DEVELOPMENT KEYS. Both lie in the repository for everybody to read, so that tokens survive a
restart of the stand-ins. They protect nothing: never trust a token signed with them outside a
machine of your own.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

PUBLISHED_KEY_ID: Final = "standins-public-dev-key"
UNKNOWN_KEY_ID: Final = "standins-unknown-dev-key"

_PUBLISHED: Final = b"""\
-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCrZhJC3XOEh8Q+
wCCYZVYoVcuXnPMAJ4HpZsgBmfeD6+RjMuKRbKQHwbtlqXP8LnAdLPCINcOlXDFl
IrYcmMztEXXgGQ6U7LG253ewx/jX/i3uH1UUKz08LoGiDCJqlj7fOgICkA1icQvS
wrh/tNF078JvkTLaqDUB85rgYVQS8k88vGmXIIXt5Zd5z+3S276eeBWRSH5iRcf0
qz+1arbdCLiXeqrIa1H9cpC5xD8LIqTBKggxvGG8jHZ9ka1PGn6cBDk/0y+ZWBzf
kJbbt6yTBgq8sTpgmHgid5KCUCYOAqfgbee/SpcCmICUw4uRei39j9G0//Dsmv42
amxRDCn3AgMBAAECggEAJGhVHrDtlcxFClNDWTvFVmILEhR7pZ++v7Zea8Cpy/Ly
m4O2js919FPZm5moEnxGwlvGaBiLi3eO4n3CE0b92Kmp0UVhTI8OnNyEFyATIsZS
OU+cgeFBa6QxUxuiv+NUTZSD0smInk2HBmjoSfA9wcogEhTUqY+rWtPFJT5nXnKT
FmoBoX9w4ZjfVIfI59zoWxI3exg1Mw4zXCkDV6hYWztNlg/6O3WXUoRBZJr1xJci
UEM0YM8GvhMfkrqsj8+JVFn7TkjUaBLEzgiqXUO/n7lSgLuYrgJfe854j6zC6daB
auO+iCBTcuh6gnF2iLopQ0feacKjjiHwmCTkx4AwSQKBgQDSclcVJPfXfE/qJVNG
6QPwXeqVeIOoD9brIJ0WBe3xH46x/HDrvjBGXMltL/JukbDxYIE/7IpO5OJ41CM8
u1B6FauJp4+vYbYuHqqEE7NZhUs4QXDuQEP21w4nLksafowpCKNirYn5wOEqXXPc
HHwm0Ph839B7YXCQt55YjVtPuwKBgQDQf+9g/yZWx8Mn1VcE4+NjFCGw6kSCjZWs
1/Jwzb5sMO6eVJ1Hl5y7/8dkJKcNS/NLC/dZSh3VxOQNjZXOaPCYosChLCr04cmH
BaX6i5ZD8npApt6DTU9PZo41uF183YlzSX2D6ca6N0D+JneN39KJfgkmRwPs6fkJ
4L+9QMbU9QKBgQDEOYEhYhsGfg810B/aWqMlmSyGupxoNHy9OOfABT9cOYSgSTYx
WmFA+nuGp9Jxbr+CEe3yYOiFr73L1GIW2sGrVFFiRS8g5Qct8cIk7QmqSzNb/QkD
3kCBBP1ZYzz8M0sVZ8yQ0id5DXPmQMUrVBQfTXKlXTvUD4MaLVwkTYn6yQKBgBOL
6uUtBmscTy9s0LukoayoNoBfdgzHOUD6/b+VikSaUcSGKjiL/iWh1Q+OYBrfA/AF
Lysvx5xC2R5sJ58yN1wX5fc2LNDIWhxOa0ER1QSJtuxYuIOWu9i1xJ9EqX8LRdeJ
DDtRr0/F3lH1SUADu7koF7N+9N9BEBfc+hzD9eABAoGBAJWxeAGsXPwVOtc2o04f
21hRk9R/Jr37ZwO4rXghKpIxyO+9rMF5EA64pQJEzFce5atX8Avw2RmUpsnSJU1r
ur8MXP8DIv7hUn0LvBtNeBjp4S2DleRMPZWYF8Z2+eWKdmiSMqNoLKG4+meJUYib
My9FyJBrGuPWiMI7CyXAkvY7
-----END PRIVATE KEY-----
"""

_UNKNOWN: Final = b"""\
-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDxtn2vkfQwJXPt
4enWipORZ3BveOx2vbfksvHfKvTb1bGrLcCZ4g9oh6+NyFi459RSz0M5URBhUFuz
IgVIAsEOxHlC/89DQRv9ylouM0QP0IOCZhI7+vdFn+UZx+tzsGCZ67p627Q8Jly+
JnEyGSuA6EF5MRU/a0J1VQfez6H/BzxmBEi39ey0v46PFUaMILiDowRbtZpe/UV+
a9AukoAxegCEe7f1mTjArqbOf3MRKLKVoJmphAyw2W7eMXjwIc425ISb3qqCwjWl
8kpCxCFTgOLhfVsAZcpM4J+NVzKf/PuHyOjYB6gR1QVCEeTYhYWmf2ERN3LAUFjR
CPWZqAETAgMBAAECggEAB6vjEU9wkJaft00UPtrnFBZUWzVbS+l5jKihRJP4cYG2
wdgR5NBn7MlhqP5S0ouJEZfCam9INc53GphZ0o9D0VQrBRVZXqkSWluxwQWfg2D6
y4ixy3WLo4oPm2Hc9y8B4eC5amzOq5oMF3zg2tYxq0WzzkTgh8K/uTmZpliwq4df
d4PDzSAVAhTwO0t0PE2suMrsYCl++9yz6MBdgGgBFKoR/Lah6QA5tooa99WUrhWt
7aTqqSjWC7y0eHHeeyMVT9sQBjODRUOc+jBbFhZxX3RRH/AgOQ9oT5bfKcpxXAWa
OVq2x5C0nqKd5SDBS9pXhEQxR61pFfer8mcxowoyAQKBgQD/2fLY8V6ifLe0b/AZ
zE/KON0gBqKNNaYitlDdGsp/UQw8YOK9cUnGeQMRLlYqUEUxXWsqodQ7BncWER50
cwJn3V8Wfh35r2b5fTxj8eZfT4ih0UhqAgL3iJD2yTHlrIbO5TFAWTUTYgmkqI3Z
+TmvIUJ0NAYu/igNGRO9FBqVmwKBgQDx2nCJRCTP3DjMTvAQOaxftiPHZhMoEj2Q
YyX+zDYY6t8ptEKAeDtriid14RQNObS74y6A/WkGRZ1l8627/uY8olYu8f6KVHp3
gad3PvR4bZuhCC0Lbq18PoELJWzKL6ai6tigVoRH98Ptblvd/1c9F306LB9ymq33
xVsfoaJ16QKBgQC8fzqoEsyCMhi2W3Itz5VJi7N+kOTZ3JjWIjRZcg+W1YOKSGdE
415TV3ym/9iDvDf+MrFt62SNSCocm+gwKzuugi44SBqVhmD7lwUTLXlo5xPnBGWx
lGHTNU54Q6r7Z6y6aalrm027RhOMuJIp8bBKEtr++gVEQgQIAl3EhDdB2QKBgQCA
Ebwl8//KUkOBbQuSi/fLdxfbLyJVxdLz8ozcMCc1aqph2yKcBQ7yE2Zx9Y44sqYS
GGs3wvkqaRLAOhl1w7UHxq78jQjNF48CWZXkf2HVo7UVwM6ZjzIu6KpMzLSfHDyR
aOrtfOLveTQ3NolPNTdtElMtys+cUGxvGAL47Q6qgQKBgGarIsR1UZit6SE4S+Ul
BCH41/7haDuv6en1Y3HnXZc8Nj8CAnoQhexeVJDYM9M4Mqk9fxwWN2O5WOhS6GJ4
tgWR1YWGh87WzZi4KW8KLRs9BbnsvosnMB1drwKOsRR87rxLMVy9w+i6wI7ElJ0B
hs/MZiX9fIECMAbqVAdo1sa/
-----END PRIVATE KEY-----
"""


@cache
def published_key() -> RSAPrivateKey:
    """The key whose public half the key set shows."""
    return _load(_PUBLISHED)


@cache
def unknown_key() -> RSAPrivateKey:
    """A key that no key set shows: what an attacker would sign with."""
    return _load(_UNKNOWN)


def _load(pem: bytes) -> RSAPrivateKey:
    key = load_pem_private_key(pem, password=None)
    assert isinstance(key, RSAPrivateKey)
    return key
