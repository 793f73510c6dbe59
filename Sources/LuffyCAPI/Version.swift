import CLuffy
import LuffyTokenizer

@_cdecl("luffy_abi_version") @implementation
public func luffy_abi_version() -> Int32 { 0 }
