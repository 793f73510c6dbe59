/// The byte strings of a vocabulary, by id, with an index from bytes back to ids.
///
/// One arena and two arrays hold all strings; the index is an open-addressing table of
/// (hash tag, id). A value is immutable once its tokenizer is made.
struct TokenStrings: Sendable {
  private var arena: [UInt8] = []
  private var starts: [Int32]  // −1: no such id
  private var lengths: [Int32]
  private var slots: [UInt64]  // tag << 32 | id; `free` where empty
  private(set) var indexedCount = 0
  private let mask: Int

  private static let free = UInt64.max

  /// Room for ids 0..<idCount, of which at most `indexCapacity` will be indexed.
  init(idCount: Int, indexCapacity: Int) {
    starts = Array(repeating: -1, count: idCount)
    lengths = Array(repeating: 0, count: idCount)
    var size = 16
    while size < indexCapacity * 2 { size *= 2 }
    slots = Array(repeating: Self.free, count: size)
    mask = size - 1
  }

  var idCount: Int { starts.count }
  var byteCount: Int { arena.count }

  func contains(_ id: Int32) -> Bool { id >= 0 && Int(id) < starts.count && starts[Int(id)] >= 0 }

  /// Stores the string of an id in range; the caller has seen that the id is free.
  mutating func store(_ bytes: UnsafeBufferPointer<UInt8>, id: Int32) {
    starts[Int(id)] = Int32(truncatingIfNeeded: arena.count)  // the builder keeps it < 1 GiB
    lengths[Int(id)] = Int32(truncatingIfNeeded: bytes.count)
    unsafe arena.append(contentsOf: bytes)
  }

  /// Makes a stored string findable. False where another id has the same bytes: that one stays.
  mutating func index(_ id: Int32) -> Bool {
    let hash = unsafe with(id) { unsafe Self.hash($0) }
    var slot = Int(truncatingIfNeeded: hash) & mask
    let isKnown = unsafe with(id) { unsafe self.id(of: $0) } != nil
    if isKnown || indexedCount * 2 > slots.count { return false }
    while slots[slot] != Self.free { slot = (slot + 1) & mask }
    slots[slot] = hash & ~0xFFFF_FFFF | UInt64(UInt32(bitPattern: id))
    indexedCount += 1
    return true
  }

  /// The id whose bytes these are.
  func id(of bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    let hash = unsafe Self.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = slots[slot]
      if entry == Self.free { return nil }
      if (entry ^ hash) >> 32 == 0 {
        let id = Int32(bitPattern: UInt32(truncatingIfNeeded: entry))
        if unsafe with(id, { unsafe isEqual($0, bytes) }) { return id }
      }
      slot = (slot + 1) & mask
    }
  }

  func id(of text: String) -> Int32? {
    var text = text
    return text.withUTF8 { unsafe id(of: $0) }
  }

  /// The bytes of an id that `contains` knows; empty for any other.
  func with<R>(_ id: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    guard contains(id) else { return unsafe body(UnsafeBufferPointer(start: nil, count: 0)) }
    let start = Int(starts[Int(id)])
    let length = Int(lengths[Int(id)])
    return unsafe arena.withUnsafeBufferPointer {
      unsafe body(UnsafeBufferPointer(rebasing: $0[start..<start + length]))
    }
  }

  /// Eight bytes a step, multiply and fold; the low bits choose a slot, the high half is the tag.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    while index + 8 <= raw.count {
      state = unsafe mix(state ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var rest: UInt64 = 0
    while index < raw.count {
      rest = unsafe rest << 8 | UInt64(raw[index])
      index += 1
    }
    return mix(state ^ rest)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  private func isEqual(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    unsafe left.count == right.count && left.elementsEqual(right)
  }
}
