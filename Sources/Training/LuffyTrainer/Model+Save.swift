internal import LuffyCheckpoint
internal import LuffyJSON
public import LuffyModel
public import LuffyTensor
public import LuffyTokenizer

extension Model {
  /// Writes a Hugging Face directory that transformers and llama.cpp's converter take as it is: `config.json`,
  /// `generation_config.json`, safetensors, and the files of the model's tokenizer.
  ///
  /// The tokenizer's files are those that the model was loaded with (from a GGUF file they are made of its metadata),
  /// or `tokenizer`'s. Files of another tokenizer in the directory go then; other files stay.
  ///
  /// The adapters of an adapted model are merged into its weights, W + scale · B A.
  ///
  /// - Parameter stored: the type of the weights in the file; bfloat16 rounds to nearest, ties to even.
  public func save(
    directory: String, as stored: Precision = .float32, tokenizer: Tokenizer? = nil
  ) throws {
    var companions = companions
    if let tokenizer { companions.set(tokenizer.inventory, tokenizer.documents) }
    let type: StoredType = stored == .bfloat16 ? .bf16 : .f32
    let writer = ModelDirectoryWriter(
      directory: directory,
      configuration: try JSONDocument(parsing: configuration.huggingFaceJSON()),
      generationConfiguration: try generationConfiguration(companions),
      tensors: layout.entries.map {
        TensorDescription(name: $0.name, shape: $0.shape, storedType: type)
      },
      documents: companions.documents().map { .init(name: $0.name, bytes: $0.bytes) },
      documentNames: TokenizerDocuments.names)
    try writer.save { name, write in
      try withMerged(try entry(name), write)
    }
  }

  /// What the model came with, with every id that ends a rollout.
  private func generationConfiguration(_ companions: ModelCompanions) throws -> JSONDocument? {
    var ends = companions.generationEndIDs
    let others = configuration.eosIDs + (companions.tokenizerEndID.map { [$0] } ?? [])
    for id in others where !ends.contains(id) { ends.append(id) }
    let given = try companions.generation.map { try JSONDocument(parsing: $0).root }
    if ends.isEmpty && given == nil { return nil }
    let writer = JSONWriter()
    writer.object {
      for (key, value) in given?.members ?? [] where key != "eos_token_id" {
        writer.key(key)
        _ = writer.write(copying: value)  // as deep as it was when it was read
      }
      if given == nil, let bos = configuration.bosID { writer.member("bos_token_id", Int(bos)) }
      if ends.isEmpty { return }
      writer.key("eos_token_id")
      if ends.count == 1 {
        writer.write(Int(ends[0]))
      } else {
        writer.array { ends.forEach { writer.write(Int($0)) } }
      }
    }
    return try JSONDocument(parsing: writer.text)
  }
}
