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
        throw ModelDirectory.withoutWeights(directory)
      }
    }
    let map = try weightMap(index)
    let shards = Set(map.values).sorted()
    try requireAll(shards, directory)
    var tensors: [StoredTensor] = []
    for shard in shards {
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

  /// Every shard that the index names is there.
  private static func requireAll(
    _ shards: [String], _ directory: String
  ) throws(CheckpointError) {
    let missing = shards.filter { !FileSystem.exists("\(directory)/\($0)") }
    guard let first = missing.first else { return }
    throw CheckpointError(
      .missing, file: "\(directory)/\(first)",
      "\(missing.count) of the \(shards.count) shards that \(indexName) names are not there: "
        + "\(missing.excerpt()). Download them too")
  }

  /// `weight_map` of the index, of equal names the last: tensor name → file name, a plain name in the same directory.
  private static func weightMap(_ file: MappedFile) throws(CheckpointError) -> [String: String] {
    guard file.count <= indexLimit else {
      throw CheckpointError(.corrupt, file: file.path, "\(file.count) bytes are no index")
    }
    try ForeignContent.refuse(file)
    var map: [String: String]?
    var scanner = HeaderScanner(file.bytes, file: file.path, origin: 0)
    try scanner.object(repeats: true) { (scanner, key) throws(CheckpointError) in
      guard key == "weight_map" else { return try scanner.skipValue() }
      var entries: [String: String] = [:]
      try scanner.object(repeats: true) { (scanner, name) throws(CheckpointError) in
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
