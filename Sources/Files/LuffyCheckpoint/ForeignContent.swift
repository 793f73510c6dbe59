/// Files that are not what their name says, told by their first bytes.
///
/// People meet these when a download went wrong or when a model is kept in another format. Each gets an error that says
/// what the file is and what to do.
enum ForeignContent {
  /// Throws where the bytes are those of something else than a model's file.
  static func refuse(_ file: MappedFile) throws(CheckpointError) {
    let path = file.path
    let head = UnsafeRawBufferPointer(rebasing: file.bytes.prefix(512))
    for known in binaries where head.starts(with: known.magic) {
      throw CheckpointError(known.kind, file: path, byte: 0, known.message)
    }
    // The text after a byte-order mark and white space, in small letters.
    let text = String(
      decoding: head.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }.map {
        (0x41...0x5A).contains($0) ? $0 + 0x20 : $0
      }, as: UTF8.self)
    if text.hasPrefix("version https://git-lfs.github.com/") {
      throw CheckpointError(
        .corrupt, file: path, byte: 0,
        "a git-lfs pointer, not the file itself: run `git lfs pull` in the repository, or download "
          + "the file again")
    }
    if text.hasPrefix("<!doctype") || text.hasPrefix("<html") || text.hasPrefix("<head")
      || text.hasPrefix("<?xml")
    {
      throw CheckpointError(
        .corrupt, file: path, byte: 0,
        "an HTML page was saved in place of the file: download it again from the address of the file "
          + "itself (on Hugging Face with /resolve/ in place of /blob/), signed in where it asks for that"
      )
    }
  }

  /// Throws where the bytes are JSON in place of weights, or those of the other format of weights.
  static func refuseBeforeSafetensors(_ file: MappedFile) throws(CheckpointError) {
    // A header's length can look like another format's first bytes; its brace then follows.
    if file.count > 8, file.bytes[8] == UInt8(ascii: "{") { return }
    try refuse(file)
    if file.bytes.starts(with: Array("GGUF".utf8)) {
      throw CheckpointError(
        .corrupt, file: file.path, byte: 0,
        "a GGUF file under the name of a safetensors file: rename it to end in .gguf and load that path"
      )
    }
    if file.bytes.starts(with: Array("{\"".utf8)) {
      throw CheckpointError(
        .corrupt, file: file.path, byte: 0,
        "JSON text in place of weights: the answer of a failed download, or an index; download the file again"
      )
    }
  }

  private struct Binary {
    let magic: [UInt8]
    let kind: CheckpointError.Kind
    let message: String
  }

  private static let pyTorch =
    "a PyTorch file (pickle), which is not read: save the model as safetensors with transformers "
    + "(AutoModelForCausalLM.from_pretrained(…), then save_pretrained(…)) and load that directory"
  private static let oldGGML =
    "a GGML file from before GGUF, which is not read: convert the original model to GGUF again"

  private static let binaries: [Binary] = [
    Binary(
      magic: [0x50, 0x4B, 0x03, 0x04], kind: .unsupported, message: "a ZIP archive: \(pyTorch)"),
    Binary(magic: [0x80, 0x02], kind: .unsupported, message: pyTorch),
    Binary(magic: [0x80, 0x03], kind: .unsupported, message: pyTorch),
    Binary(magic: [0x80, 0x04], kind: .unsupported, message: pyTorch),
    Binary(
      magic: [0x89, 0x48, 0x44, 0x46], kind: .unsupported,
      message: "an HDF5 file (TensorFlow's weights), which is not read: load the safetensors files"),
    Binary(magic: [0x1F, 0x8B], kind: .unsupported, message: "a gzip archive: unpack it first"),
    Binary(magic: Array("lmgg".utf8), kind: .unsupported, message: oldGGML),
    Binary(magic: Array("fmgg".utf8), kind: .unsupported, message: oldGGML),
    Binary(magic: Array("tjgg".utf8), kind: .unsupported, message: oldGGML),
    Binary(magic: Array("algg".utf8), kind: .unsupported, message: oldGGML),
  ]
}
