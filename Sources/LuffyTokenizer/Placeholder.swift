import CPCRE2

public func probe() -> UInt32 {
  var v: UInt32 = 0
  pcre2_config_8(1, &v)
  return v
}
