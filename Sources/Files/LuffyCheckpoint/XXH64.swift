/// The 64-bit xxHash of some bytes (Y. Collet's specification, version 0.1.1), seed 0.
///
/// Against damage, not against an adversary. About as fast as memory, on any machine.
package enum XXH64 {
  private static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let p3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

  package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    guard let start = bytes.baseAddress else { return avalanche(p5) }
    var rest = start
    let end = start + bytes.count
    var hash = p5
    if bytes.count >= 32 { hash = stripes(&rest, until: end) }
    hash &+= UInt64(bytes.count)
    while end - rest >= 8 {
      hash = rotate(hash ^ round(0, load(rest, 0)), 27) &* p1 &+ p4
      rest += 8
    }
    if end - rest >= 4 {
      let word = UInt64(UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self)))
      hash = rotate(hash ^ (word &* p1), 23) &* p2 &+ p3
      rest += 4
    }
    while rest < end {
      hash = rotate(hash ^ (UInt64(rest.load(as: UInt8.self)) &* p5), 11) &* p1
      rest += 1
    }
    return avalanche(hash)
  }

  /// Consumes whole stripes of 32 bytes in four lanes and merges the lanes.
  private static func stripes(_ rest: inout UnsafeRawPointer, until end: UnsafeRawPointer) -> UInt64
  {
    var (a, b, c, d) = (p1 &+ p2, p2, UInt64(0), 0 &- p1)
    while end - rest >= 32 {
      a = round(a, load(rest, 0))
      b = round(b, load(rest, 8))
      c = round(c, load(rest, 16))
      d = round(d, load(rest, 24))
      rest += 32
    }
    var hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
    for lane in [a, b, c, d] { hash = (hash ^ round(0, lane)) &* p1 &+ p4 }
    return hash
  }

  @inline(__always)
  private static func load(_ pointer: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: pointer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotate(lane &+ input &* p2, 31) &* p1
  }

  @inline(__always)
  private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
    value &<< bits | value &>> (64 &- bits)
  }

  private static func avalanche(_ hash: UInt64) -> UInt64 {
    var hash = hash
    hash = (hash ^ hash &>> 33) &* p2
    hash = (hash ^ hash &>> 29) &* p3
    return hash ^ hash &>> 32
  }
}
