import CLuffy

/// Gives elements to a caller's buffer; see "Buffers" in the header.
func give<T>(
  _ elements: some Collection<T>, _ buffer: UnsafeMutablePointer<T>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) throws(CallError) {
  length?.pointee = elements.count
  guard let buffer else {
    _ = try require(length, "length")
    return
  }
  try fits(elements.count, capacity)
  var next = buffer
  for element in elements {
    next.initialize(to: element)
    next += 1
  }
}

/// Gives a text, with a NUL after it.
func give(
  text: some Collection<UInt8>, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) throws(CallError) {
  length?.pointee = text.count
  guard let buffer else {
    _ = try require(length, "length")
    return
  }
  try fits(text.count + 1, capacity)
  var next = buffer
  for byte in text {
    next.initialize(to: CChar(bitPattern: byte))
    next += 1
  }
  next.initialize(to: 0)
}

private func fits(_ needed: Int, _ capacity: Int) throws(CallError) {
  if capacity >= 0 && capacity < needed {
    throw CallError(
      LUFFY_ERROR_BUFFER_TOO_SMALL, "a buffer of \(capacity), \(needed) are needed")
  }
}

/// A C text that lives as long as its owner.
final class CText: @unchecked Sendable {  // immutable
  let pointer: UnsafePointer<CChar>

  init(_ text: String) {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { copy[index] = byte }
    pointer = UnsafePointer(copy)
  }

  deinit { pointer.deallocate() }
}
