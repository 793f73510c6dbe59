import CLuffy

/// A struct of the header that begins with `uint32_t struct_size`.
protocol VersionedStruct {
  /// Its LUFFY_…_INIT.
  static var initial: Self { get }
  static var typeName: String { get }
}

extension VersionedStruct {
  static var size: Int { MemoryLayout<Self>.size }

  /// More than any version of any struct has.
  private static var largest: Int { 4096 }

  /// Sets the defaults of a struct that has `size` bytes with its caller, and says so in `struct_size`: an older caller's
  /// struct ends earlier, a newer caller's has bytes that this version does not know, which are 0.
  static func initialize(_ pointer: UnsafeMutablePointer<Self>?, size: Int) {
    guard let pointer, size >= MemoryLayout<UInt32>.size else { return }
    let target = UnsafeMutableRawPointer(pointer)
    withUnsafeBytes(of: initial) { source in
      for byte in 0..<size {
        target.storeBytes(
          of: byte < source.count ? source[byte] : 0, toByteOffset: byte, as: UInt8.self)
      }
    }
    target.storeBytes(of: UInt32(clamping: size), as: UInt32.self)
  }

  /// The caller's struct over the defaults: what an older caller's lacks keeps its default.
  static func read(_ pointer: UnsafePointer<Self>?) throws(CallError) -> Self {
    guard let pointer else { return initial }
    return try read(UnsafeRawPointer(pointer), size: try declaredSize(pointer))
  }

  /// An array, whose stride is the first element's size.
  static func readArray(
    _ pointer: UnsafePointer<Self>?, count: Int, _ argument: String
  ) throws(CallError) -> [Self] {
    if count == 0 { return [] }
    let start = try require(pointer, argument)
    let stride = try declaredSize(start)
    guard count > 0, count <= Int.max / stride else {
      throw CallError.invalid("\(argument): a count of \(UInt(bitPattern: count))")
    }
    var elements: [Self] = []
    for index in 0..<count {
      let element = UnsafeRawPointer(start) + index * stride
      guard Int(element.loadUnaligned(as: UInt32.self)) == stride else {
        throw CallError.invalid(
          "\(argument)[\(index)]: struct_size is \(element.loadUnaligned(as: UInt32.self)), "
            + "the first element's is \(stride)")
      }
      elements.append(try read(element, size: stride))
    }
    return elements
  }

  /// Writes as much as the caller's struct has room for. `struct_size` stays.
  func write(_ pointer: UnsafeMutablePointer<Self>?, _ argument: String) throws(CallError) {
    let target = try require(pointer, argument)
    let size = try Self.declaredSize(UnsafePointer(target))
    let head = MemoryLayout<UInt32>.size
    withUnsafeBytes(of: self) { source in
      let end = min(size, Self.size)
      for byte in head..<end {
        UnsafeMutableRawPointer(target).storeBytes(
          of: source[byte], toByteOffset: byte, as: UInt8.self)
      }
    }
  }

  private static func declaredSize(_ pointer: UnsafePointer<Self>) throws(CallError) -> Int {
    let size = Int(UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self))
    if size < MemoryLayout<UInt32>.size || size > largest {
      throw CallError.invalid(
        "\(typeName).struct_size is \(size), expected \(Self.size): use \(typeName)_init()")
    }
    return size
  }

  private static func read(_ source: UnsafeRawPointer, size: Int) throws(CallError) -> Self {
    for offset in stride(from: min(size, Self.size), to: size, by: 1)
    where source.load(fromByteOffset: offset, as: UInt8.self) != 0 {
      throw CallError(
        LUFFY_ERROR_UNSUPPORTED,
        "\(typeName): byte \(offset) is set, which this version (of \(Self.size) bytes) does not know"
      )
    }
    var value = initial
    withUnsafeMutableBytes(of: &value) { target in
      for byte in 0..<min(size, Self.size) {
        target[byte] = source.load(fromByteOffset: byte, as: UInt8.self)
      }
    }
    return value
  }
}
