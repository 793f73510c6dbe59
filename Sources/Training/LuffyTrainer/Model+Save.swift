internal import LuffyCheckpoint
internal import LuffyJSON
public import LuffyModel

extension Model {
  /// Writes a Hugging Face directory that transformers loads: `config.json`, `generation_config.json` and
  /// float32 safetensors. Other files there, as a tokenizer, stay.
  public func save(directory: String) throws {
    let writer = ModelDirectoryWriter(
      directory: directory,
      configuration: try JSONDocument(parsing: configuration.huggingFaceJSON()),
      generationConfiguration: try generationConfiguration(),
      tensors: layout.entries.map {
        TensorDescription(name: $0.name, shape: $0.shape, storedType: .f32)
      })
    try writer.save { name, write in
      try write(UnsafeBufferPointer(span(try entry(name))))
    }
  }

  private func generationConfiguration() throws -> JSONDocument? {
    if configuration.eosIDs.isEmpty { return nil }
    let writer = JSONWriter()
    writer.object {
      writer.key("eos_token_id")
      writer.array { configuration.eosIDs.forEach { writer.write(Int($0)) } }
      if let bos = configuration.bosID {
        writer.key("bos_token_id")
        writer.write(Int(bos))
      }
    }
    return try JSONDocument(parsing: writer.text)
  }
}
