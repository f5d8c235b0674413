"""What is kept of a device: two words, and how they are shown."""

import pytest

from archive.web.devices import family_of, name_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (Linux; Android 14; M1) Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "family", "name"),
    [
        (CHROME, "chrome/windows", "Chrome · Windows"),
        (f"{CHROME} Edg/140.0", "edge/windows", "Edge · Windows"),
        (WECHAT, "wechat/android", "WeChat · Android"),
        (SAFARI, "safari/ios", "Safari · iOS"),
        ("curl/8.0", "other/other", ""),
        ("", "other/other", ""),
    ],
)
def test_a_device_is_told_by_the_family_of_its_browser_and_system(agent, family, name):
    assert family_of(agent) == family
    assert name_of(family) == name
