import CLuffy
import LuffyJSON
import LuffyTensor

/// Runs the body of an API call: its failure becomes the status and this thread's last error.
func call(_ body: () throws -> Void) -> luffy_status {
  _ = JSONWriter.takeFailure()
  do {
    try Memory.checkReserve()
    try body()
    if JSONWriter.takeFailure() { throw OutOfMemory(bytes: 0) }
    return luffy_status(LUFFY_OK)
  } catch {
    LastError.set(String(describing: error))
    return status(of: error)
  }
}

/// A pointer that must not be NULL. `name` is the argument's in the header.
func require<P>(_ pointer: P?, _ name: String) throws(CallError) -> P {
  guard let pointer else { throw CallError.invalid("\(name) is NULL") }
  return pointer
}

/// A NUL-terminated text: a path, a name, JSON. Other bytes than UTF-8 would name another file, so they are refused.
func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(CallError) -> String {
  let pointer = try require(pointer, name)
  if let text = String(validatingCString: pointer) { return text }
  throw CallError.invalid(
    "\(name): expected UTF-8, found \"\(String(cString: pointer).prefix(200))\"")
}

/// A text of a length, or NUL-terminated.
func bytes(
  _ pointer: UnsafePointer<CChar>?, _ length: Int, _ name: String
) throws(CallError) -> UnsafeBufferPointer<UInt8> {
  if length == 0 { return UnsafeBufferPointer(start: nil, count: 0) }
  let start = try require(pointer, name)
  let count = length == -1 ? stringLength(start) : length
  if count < 0 { throw CallError.invalid("\(name): a length of \(UInt(bitPattern: length))") }
  return UnsafeBufferPointer(
    start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: count)
}

private func stringLength(_ start: UnsafePointer<CChar>) -> Int {
  var count = 0
  while start[count] != 0 { count += 1 }
  return count
}

/// An array of a call: NULL only where it is empty.
func array<T>(
  _ pointer: UnsafePointer<T>?, _ count: Int, _ name: String
) throws(CallError) -> UnsafeBufferPointer<T> {
  if count == 0 { return UnsafeBufferPointer(start: nil, count: 0) }
  guard count > 0, count <= Int.max / MemoryLayout<T>.stride else {
    throw CallError.invalid("\(name): a count of \(UInt(bitPattern: count))")
  }
  return UnsafeBufferPointer(start: try require(pointer, name), count: count)
}

/// The same of a struct's field, whose count is 64 bits wide.
func array<T>(
  _ pointer: UnsafePointer<T>?, _ count: UInt64, _ name: String
) throws(CallError) -> UnsafeBufferPointer<T> {
  guard let count = Int(exactly: count) else {
    throw CallError.invalid("\(name): a count of \(count)")
  }
  return try array(pointer, count, name)
}

/// The same where NULL means absent.
func optionalArray<T>(
  _ pointer: UnsafePointer<T>?, _ count: UInt64, _ name: String
) throws(CallError) -> UnsafeBufferPointer<T>? {
  pointer == nil ? nil : try array(pointer, count, name)
}

/// The same where NULL means absent and then has no count.
func countedArray<T>(
  _ pointer: UnsafePointer<T>?, _ count: UInt64, _ name: String
) throws(CallError) -> UnsafeBufferPointer<T>? {
  if pointer == nil && count > 0 {
    throw CallError.invalid("\(name) is NULL and its count is \(count), expected an array or 0")
  }
  return try optionalArray(pointer, count, name)
}

/// A struct's field that is 0 or 1.
func flag(_ value: Int32, _ name: String) throws(CallError) -> Bool {
  if value != 0 && value != 1 { throw CallError.invalid("\(name) is \(value), expected 0 or 1") }
  return value == 1
}

/// A struct's field that a later version may give a meaning.
func checkReserved(_ value: some BinaryInteger, _ place: String) throws(CallError) {
  if value != 0 { throw CallError.invalid("\(place): reserved is \(value), expected 0") }
}

/// Sequences one after another in `ids`.
func sequences(
  _ ids: UnsafePointer<Int32>?, _ lengths: UnsafePointer<Int>?, _ count: Int
) throws(CallError) -> [[Int32]] {
  let lengths = try array(lengths, count, "lengths")
  let ids = try array(ids, try total(lengths), "ids")
  try Memory.expect(ids.count + lengths.count, times: 64)
  return slices(ids, lengths)
}

/// Σ lengths, checked.
func total(_ lengths: UnsafeBufferPointer<Int>) throws(CallError) -> Int {
  var total = 0
  for (index, length) in lengths.enumerated() {
    let (sum, overflow) = total.addingReportingOverflow(length)
    if length < 0 || overflow {
      throw CallError.invalid("lengths[\(index)] is \(UInt(bitPattern: length))")
    }
    total = sum
  }
  return total
}

/// One array a sequence from an array shaped like ids. The lengths were checked by `total`.
func slices<T>(
  _ values: UnsafeBufferPointer<T>, _ lengths: UnsafeBufferPointer<Int>
) -> [[T]] {
  var start = 0
  return lengths.map { length in
    defer { start += length }
    return Array(values[start..<start + length])
  }
}
