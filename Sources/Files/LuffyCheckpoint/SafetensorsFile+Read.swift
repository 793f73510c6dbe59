extension SafetensorsFile {
  /// Reads a whole tensor as Float, row-major; errors as in `ModelCheckpoint.read`.
  package func read(
    _ name: String, expectedShape: [Int], into output: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      throw CheckpointError(.missing, file: path, tensor: name, "there is no such tensor")
    }
    guard tensor.shape == expectedShape else {
      throw tensor.failure(.shape, "expected shape \(expectedShape), found \(tensor.shape)")
    }
    try tensor.read(rows: 0..<tensor.rowCount, into: output)
  }
}
