/// The 64-bit xxHash of bytes that come in pieces (Y. Collet's specification, version 0.1.1), seed 0.
///
/// Against damage, not against an adversary. About as fast as memory, on any machine. It allocates nothing.
package struct XXH64 {
  private static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let p3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let p5: UInt64 = 0x27D4_EB2F_1656_67C5
  /// Four lanes of eight bytes.
  private static let stripe = 32

  private var lanes = (p1 &+ p2, p2, UInt64(0), 0 &- p1)
  /// The bytes of a stripe that is not whole yet.
  private var waiting: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private var waitingCount = 0
  /// Bytes so far.
  package private(set) var count = 0

  package init() {}

  package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hasher = XXH64()
    hasher.update(bytes)
    return hasher.digest
  }

  /// Adds bytes to those before.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard var rest = bytes.baseAddress else { return }
    let end = rest + bytes.count
    count &+= bytes.count
    if waitingCount > 0 {
      let taken = min(Self.stripe - waitingCount, end - rest)
      keep(rest, taken)
      rest += taken
      if waitingCount < Self.stripe { return }
      withUnsafeBytes(of: waiting) { buffer in
        if let start = buffer.baseAddress { consume(start) }
      }
      waitingCount = 0
    }
    while end - rest >= Self.stripe {
      consume(rest)
      rest += Self.stripe
    }
    keep(rest, end - rest)
  }

  private mutating func keep(_ start: UnsafeRawPointer, _ count: Int) {
    withUnsafeMutableBytes(of: &waiting) {
      for index in 0..<count {
        $0[waitingCount + index] = start.load(fromByteOffset: index, as: UInt8.self)
      }
    }
    waitingCount += count
  }

  @inline(__always)
  private mutating func consume(_ stripe: UnsafeRawPointer) {
    lanes.0 = Self.round(lanes.0, Self.load(stripe, 0))
    lanes.1 = Self.round(lanes.1, Self.load(stripe, 8))
    lanes.2 = Self.round(lanes.2, Self.load(stripe, 16))
    lanes.3 = Self.round(lanes.3, Self.load(stripe, 24))
  }

  /// The hash of all bytes so far.
  package var digest: UInt64 {
    var hash = Self.p5
    if count >= Self.stripe {
      hash =
        Self.rotate(lanes.0, 1) &+ Self.rotate(lanes.1, 7) &+ Self.rotate(lanes.2, 12)
        &+ Self.rotate(lanes.3, 18)
      hash = Self.merge(hash, lanes.0)
      hash = Self.merge(hash, lanes.1)
      hash = Self.merge(hash, lanes.2)
      hash = Self.merge(hash, lanes.3)
    }
    hash &+= UInt64(count)
    return Self.avalanche(withUnsafeBytes(of: waiting) { Self.tail($0.prefix(waitingCount), hash) })
  }

  /// The last bytes, which make no whole stripe.
  private static func tail(_ bytes: Slice<UnsafeRawBufferPointer>, _ hash: UInt64) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(rebasing: bytes)
    guard var rest = bytes.baseAddress else { return hash }
    var hash = hash
    let end = rest + bytes.count
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
    return hash
  }

  @inline(__always)
  private static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
    (hash ^ round(0, lane)) &* p1 &+ p4
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
