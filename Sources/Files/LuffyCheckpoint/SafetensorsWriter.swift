import LuffyJSON

/// Writes one `.safetensors` file as a stream: the header first, then the tensors in the header's
/// order.
///
/// The bytes go to a temporary file beside the target, which takes its place in `finish()`
/// (`FileReplacement`); until then, and after any error, a file that was there before stays as it was.
package final class SafetensorsWriter {
  package let path: String
  /// Nil for a file that is made in its place.
  private let replacement: FileReplacement?
  private let file: OutputFile
  private let tensors: [TensorDescription]
  private var index = 0
  /// Elements of the current tensor already written.
  private var written = 0

  /// Throws `.unsupported` for a type other than F32 and BF16, `.shape` for a shape that has no
  /// size.
  package convenience init(
    path: String, tensors: [TensorDescription], metadata: [String: String] = ["format": "pt"]
  ) throws(CheckpointError) {
    let header = try Self.header(tensors, metadata, path: path)
    let replacement = try FileReplacement(of: path)
    try self.init(path, tensors, header, replacement, replacement.file)
  }

  /// Writes to a file in its place, where none was: for a directory that is not in place itself.
  convenience init(
    creating path: String, tensors: [TensorDescription]
  ) throws(CheckpointError) {
    let header = try Self.header(tensors, ["format": "pt"], path: path)
    try self.init(path, tensors, header, nil, try OutputFile(creating: path))
  }

  private init(
    _ path: String, _ tensors: [TensorDescription], _ header: String,
    _ replacement: FileReplacement?, _ file: OutputFile
  ) throws(CheckpointError) {
    self.path = path
    self.tensors = tensors
    self.replacement = replacement
    self.file = file
    try file.write([UInt64(header.utf8.count).littleEndian])
    try file.write(header)
    skipEmptyTensors()
  }

  /// Writes the next elements of the tensor `name`, whole or in pieces, rounding to its stored
  /// type.
  ///
  /// Tensors come in the order given to `init`; anything else throws `.shape`.
  package func write(
    _ name: String, _ values: UnsafeBufferPointer<Float>
  ) throws(CheckpointError) {
    guard values.count > 0 else { return }
    guard index < tensors.count, tensors[index].name == name else {
      let due = index < tensors.count ? tensors[index].name : "none"
      throw CheckpointError(.shape, file: path, tensor: name, "out of turn: \(due) is next")
    }
    let tensor = tensors[index]
    let elements = tensor.shape.reduce(1, *)  // checked with the header
    guard values.count <= elements - written else {
      throw CheckpointError(
        .shape, file: path, tensor: name,
        "\(written + values.count) elements; shape \(tensor.shape) has \(elements)")
    }
    if tensor.storedType == .bf16 {
      try writeRounded(values)
    } else {
      try file.write(UnsafeRawBufferPointer(values))
    }
    written += values.count
    if written == elements {
      index += 1
      written = 0
      skipEmptyTensors()
    }
  }

  /// Nothing has to be written for a tensor without elements.
  private func skipEmptyTensors() {
    while index < tensors.count, tensors[index].shape.contains(0) { index += 1 }
  }

  /// Checks that all is written, forces it to the disk, and puts it in place.
  package func finish() throws(CheckpointError) {
    guard index == tensors.count else {
      throw CheckpointError(
        .shape, file: path, tensor: tensors[index].name, "not all of its elements were written")
    }
    if let replacement { try replacement.commit() } else { try file.close() }
  }

  private func writeRounded(_ values: UnsafeBufferPointer<Float>) throws(CheckpointError) {
    let piece = 1 << 9
    guard let source = values.baseAddress else { return }
    var failure: CheckpointError?
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: min(piece, values.count)) { rounded in
      guard let target = rounded.baseAddress else { return }
      for start in stride(from: 0, to: values.count, by: piece) {
        let count = min(piece, values.count - start)
        for i in 0..<count { target[i] = roundToBFloat16(source[start &+ i]) }
        do throws(CheckpointError) {
          try file.write(UnsafeRawBufferPointer(start: target, count: count &* 2))
        } catch {
          failure = error
          return
        }
      }
    }
    if let failure { throw failure }
  }

  /// The header's text, padded with spaces so that the data begins at a multiple of eight.
  private static func header(
    _ tensors: [TensorDescription], _ metadata: [String: String], path: String
  ) throws(CheckpointError) -> String {
    let writer = JSONWriter()
    var names = Set<String>()
    var offset = 0
    try writer.checkedObject { () throws(CheckpointError) in
      writer.key("__metadata__")
      writer.object {
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { writer.member(key, value) }
      }
      for tensor in tensors {
        let type = tensor.storedType
        let isWritable = type == .f32 || type == .bf16
        guard isWritable, names.insert(tensor.name).inserted,
          let size = type.byteCount(shape: tensor.shape), size <= Int.max / 2 - offset
        else {
          throw CheckpointError(
            isWritable ? .shape : .unsupported, file: path, tensor: tensor.name,
            "cannot write \(type.rawValue) of shape \(tensor.shape), or a name twice")
        }
        writer.key(tensor.name)
        writer.object {
          writer.member("dtype", type.rawValue)
          writer.key("shape")
          writer.array { tensor.shape.forEach { writer.write($0) } }
          writer.key("data_offsets")
          writer.array { [offset, offset + size].forEach { writer.write($0) } }
        }
        offset += size
      }
    }
    let text = try writer.text(of: path)
    return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
  }
}

/// Round to nearest, ties to even; a NaN stays one.
@inline(__always)
package func roundToBFloat16(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  let rounded = (bits &+ 0x7fff &+ ((bits &>> 16) & 1)) &>> 16
  let quiet = bits &>> 16 | 0x40
  return UInt16(truncatingIfNeeded: bits & 0x7fff_ffff > 0x7f80_0000 ? quiet : rounded)
}
