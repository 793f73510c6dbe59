/// The tensors of a directory: one `model.safetensors`, or the shards that its index names.
enum SafetensorsIndex {
  static let singleName = "model.safetensors"
  static let indexName = "model.safetensors.index.json"
  /// Far above the index of any dense model.
  static let indexLimit = 16 << 20

  /// Opens every shard once and checks the index against them, both ways.
  static func tensors(inDirectory directory: String) throws(CheckpointError) -> [StoredTensor] {
    let index: MappedFile
    do {
      return try SafetensorsFile(path: "\(directory)/\(singleName)").tensors
    } catch  where error.kind == .missing {
      do {
        index = try MappedFile(path: "\(directory)/\(indexName)")
      } catch  where error.kind == .missing {
        throw CheckpointError(
          .missing, file: directory, "neither \(singleName) nor \(indexName) is there")
      }
    }
    let map = try weightMap(index)
    var tensors: [StoredTensor] = []
    for shard in Set(map.values).sorted() {
      for tensor in try SafetensorsFile(path: "\(directory)/\(shard)").tensors {
        guard map[tensor.name] == shard else {
          throw CheckpointError(
            .corrupt, file: "\(directory)/\(shard)", tensor: tensor.name,
            "the index puts it in \(map[tensor.name]?.excerpt ?? "no file")")
        }
        tensors.append(tensor)
      }
    }
    guard tensors.count == map.count else {
      let found = Set(tensors.map(\.name))
      let absent = map.keys.filter { !found.contains($0) }.min()
      throw CheckpointError(
        .missing, file: index.path, tensor: absent, "the index names it; its shard does not have it"
      )
    }
    return tensors
  }

  /// `weight_map` of the index: tensor name → file name, a plain name in the same directory.
  private static func weightMap(_ file: MappedFile) throws(CheckpointError) -> [String: String] {
    guard file.count <= indexLimit else {
      throw CheckpointError(.corrupt, file: file.path, "\(file.count) bytes are no index")
    }
    var map: [String: String]?
    var scanner = HeaderScanner(file.bytes, file: file.path, origin: 0)
    try scanner.object(repeatedKeys: true) { (scanner, key) throws(CheckpointError) in
      guard key == "weight_map" else { return try scanner.skipValue() }
      var entries: [String: String] = [:]
      try scanner.object(repeatedKeys: true) { (scanner, name) throws(CheckpointError) in
        scanner.tensor = name
        let shard = try scanner.string()
        guard !shard.isEmpty, !shard.utf8.contains(UInt8(ascii: "/")), !shard.utf8.contains(0),
          shard != ".", shard != ".."
        else { throw scanner.failure("\"\(shard.excerpt)\" is no plain file name") }
        entries[name] = shard
        scanner.tensor = nil
      }
      map = entries
    }
    try scanner.expectEnd()
    guard let map else {
      throw CheckpointError(.corrupt, file: file.path, "no weight_map")
    }
    return map
  }
}
