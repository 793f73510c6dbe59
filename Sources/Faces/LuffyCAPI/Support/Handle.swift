import CLuffyHost

/// An object behind one of the header's opaque pointers.
protocol Handle: AnyObject {
  /// Tells handles of this type from others, and from memory that is no handle.
  static var tag: UInt64 { get }
  /// As in the header.
  static var name: String { get }
  /// What luffy_…_cancel adds to; nil where nothing can be cancelled.
  var cancellations: UnsafeMutablePointer<UInt64>? { get }
}

/// What an opaque pointer points to. The tag is looked at before the object is believed in.
private typealias Box = luffy_handle_box

extension Box {
  fileprivate var owner: Unmanaged<AnyObject> { .fromOpaque(object) }
}

extension Handle {
  var cancellations: UnsafeMutablePointer<UInt64>? { nil }

  /// A new pointer that keeps the object until it is destroyed; an object may have several.
  func makeHandle() -> OpaquePointer {
    let box = UnsafeMutablePointer<Box>.allocate(capacity: 1)
    box.initialize(
      to: Box(
        tag: Self.tag, object: Unmanaged.passRetained(self as AnyObject).toOpaque(),
        cancellations: cancellations))
    return OpaquePointer(box)
  }

  /// The object behind a pointer; nil for NULL and for what is no handle of this type.
  static func find(_ pointer: OpaquePointer?) -> Self? {
    guard let pointer, Int(bitPattern: pointer) % MemoryLayout<Box>.alignment == 0 else {
      return nil
    }
    let box = UnsafeMutablePointer<Box>(pointer)
    guard box.pointee.tag == tag else { return nil }
    return box.pointee.owner.takeUnretainedValue() as? Self
  }

  static func require(_ pointer: OpaquePointer?) throws(CallError) -> Self {
    if let found = find(pointer) { return found }
    throw CallError.invalid(
      pointer == nil
        ? "expected a \(name), got NULL" : "expected a \(name), got another pointer")
  }

  /// Gives one pointer back. What is no handle of this type is left alone.
  static func destroy(_ pointer: OpaquePointer?) {
    guard let pointer, find(pointer) != nil else { return }
    let box = UnsafeMutablePointer<Box>(pointer)
    box.pointee.tag = 0
    box.pointee.owner.release()
    box.deallocate()
  }
}
