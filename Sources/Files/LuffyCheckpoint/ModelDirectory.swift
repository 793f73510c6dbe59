import LuffyJSON

/// What a directory holds: a model for this library, or something that people take for one.
struct ModelDirectory {
  let path: String
  let names: [String]

  init(_ path: String) throws(CheckpointError) {
    self.path = path
    names = try FileSystem.names(inDirectory: path).sorted()
  }

  var hasConfiguration: Bool { names.contains("config.json") }
  private var hasSafetensors: Bool {
    names.contains(SafetensorsIndex.singleName) || names.contains(SafetensorsIndex.indexName)
  }

  /// The GGUF model that lies here and nothing else; a split one by its first part, nil where there is none.
  func onlyGGUF() throws(CheckpointError) -> String? {
    guard !hasSafetensors else { return nil }
    let models = ggufModels()
    guard models.count > 1 else { return models.first.map { "\(path)/\($0)" } }
    throw CheckpointError(
      .unsupported, file: path,
      "the directory holds \(models.count) GGUF models: \(models.excerpt()). Write the path of one")
  }

  /// Each model once; projectors of images (`mmproj…`) are no models.
  private func ggufModels() -> [String] {
    var seen = Set<String>()
    return names.filter { name in
      guard name.hasSuffix(".gguf"), !name.hasPrefix("mmproj") else { return false }
      let split = GGUFSplit.Name(name)
      return seen.insert(split.map { "\($0.prefix)-of-\($0.count)" } ?? name).inserted
    }
  }

  /// Refuses an adapter, which transformers would put on top of another model.
  func refuseAdapter() throws(CheckpointError) {
    guard names.contains("adapter_config.json") else { return }
    let settings = try? ModelCheckpoint.document("\(path)/adapter_config.json")
    let base =
      settings?.root["base_model_name_or_path"]?.string.map { " of \"\($0.excerpt)\"" } ?? ""
    let rest =
      hasSafetensors
      ? "To load the model beside it without the adapter, move adapter_config.json away"
      : "Load the base model's directory, or merge the adapter into it with PEFT "
        + "(merge_and_unload(), then save_pretrained) and load that"
    throw CheckpointError(
      .unsupported, file: "\(path)/adapter_config.json",
      "the directory is a PEFT adapter\(base), not a whole model. \(rest)")
  }

  /// Why there is no model here that can be read.
  func noConfiguration() -> CheckpointError {
    if names.isEmpty {
      return CheckpointError(.missing, file: path, "the directory is empty; a model's is expected")
    }
    if names.contains("snapshots") {
      return CheckpointError(
        .missing, file: path,
        "a Hugging Face cache: write the path of the directory in snapshots/ that holds config.json"
      )
    }
    if names.contains("params.json") {
      return CheckpointError(
        .unsupported, file: "\(path)/params.json",
        "a model in its makers' own format; load the repository that holds config.json and safetensors"
      )
    }
    return CheckpointError(
      .missing, file: "\(path)/config.json",
      "there is no config.json and no GGUF file; the directory holds \(names.excerpt())")
  }

  /// Why a directory with a configuration has no weights that can be read.
  static func withoutWeights(_ path: String) -> CheckpointError {
    let expected =
      "neither \(SafetensorsIndex.singleName) nor \(SafetensorsIndex.indexName) is there"
    guard let directory = try? ModelDirectory(path) else {
      return CheckpointError(.missing, file: path, expected)
    }
    do throws(CheckpointError) { _ = try directory.onlyGGUF() } catch { return error }
    let names = directory.names
    let endings = [".bin", ".pt", ".pth", ".h5", ".msgpack", ".onnx", ".npz"]
    let foreign = names.filter { name in
      endings.contains { name.hasSuffix($0) } && name != "training_args.bin"
    }
    if let first = foreign.first {
      return CheckpointError(
        .unsupported, file: "\(path)/\(first)",
        "the weights are in a format that is not read (\(foreign.excerpt())); \(expected). Save the model "
          + "as safetensors with transformers (AutoModelForCausalLM.from_pretrained(…), then save_pretrained(…))"
      )
    }
    let shards = names.filter { $0.hasSuffix(".safetensors") }
    if let first = shards.first {
      return CheckpointError(
        .missing, file: "\(path)/\(SafetensorsIndex.indexName)",
        "\(expected), but \(shards.excerpt()). Shards need their index; a single file must be named "
          + "\(SafetensorsIndex.singleName) (found \(first))")
    }
    return CheckpointError(
      .missing, file: path, "\(expected); the directory holds \(names.excerpt())")
  }
}
