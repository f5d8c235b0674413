"""What is kept of a device: the family of its browser and system. Pure.

The whole user agent would tell one person from another; two words tell an owner enough to
know the own phone from a stranger's computer.
"""

_BROWSERS = (
    # In this order: most pretend to be the ones below them.
    ("micromessenger", "wechat", "WeChat"),
    ("alipayclient", "alipay", "Alipay"),
    ("dingtalk", "dingtalk", "DingTalk"),
    ("edg", "edge", "Edge"),
    ("opr/", "opera", "Opera"),
    ("huaweibrowser", "huawei", "Huawei Browser"),
    ("miuibrowser", "xiaomi", "Mi Browser"),
    ("ucbrowser", "uc", "UC Browser"),
    ("qqbrowser", "qq", "QQ Browser"),
    ("firefox", "firefox", "Firefox"),
    ("chrome", "chrome", "Chrome"),
    ("safari", "safari", "Safari"),
)
_SYSTEMS = (
    ("openharmony", "harmony", "HarmonyOS"),
    ("harmonyos", "harmony", "HarmonyOS"),
    ("windows", "windows", "Windows"),
    ("android", "android", "Android"),
    ("iphone", "ios", "iOS"),
    ("ipad", "ipados", "iPadOS"),
    ("mac os", "macos", "macOS"),
    ("linux", "linux", "Linux"),
)
_NAMES = {key: name for _, key, name in (*_BROWSERS, *_SYSTEMS)}
_OTHER = "other"


def family_of(user_agent: str) -> str:
    """Return the family of browser and system, such as ``chrome/windows``."""
    told = user_agent.lower()
    found = (
        next((key for mark, key, _ in known if mark in told), _OTHER)
        for known in (_BROWSERS, _SYSTEMS)
    )
    return "/".join(found)


def name_of(device: str) -> str:
    """Return a family as it is shown, such as ``Chrome · Windows``; empty when not known."""
    return " · ".join(_NAMES[part] for part in device.split("/") if part in _NAMES)
