/// A model that lies in several GGUF files, as llama.cpp's `gguf-split` writes them: `NAME-00001-of-00003.gguf`, each with
/// `split.no` and `split.count`, the first with all other metadata.
enum GGUFSplit {
  /// A file's name as `gguf-split` makes it.
  struct Name {
    /// All before "-00001-of-00003.gguf", the directory with it.
    let prefix: String
    /// From 1.
    let part: Int
    let count: Int

    init?(_ path: String) {
      let suffix = "-00001-of-00003.gguf"
      let bytes = Array(path.utf8)
      guard bytes.count >= suffix.utf8.count else { return nil }
      let tail = bytes.suffix(suffix.utf8.count)
      let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
      let form = zip(tail, suffix.utf8).allSatisfy { isDigit($1) ? isDigit($0) : $0 == $1 }
      guard form, let part = Self.number(tail.dropFirst(1).prefix(5)),
        let count = Self.number(tail.dropFirst(10).prefix(5))
      else { return nil }
      prefix = String(decoding: bytes.dropLast(suffix.utf8.count), as: UTF8.self)
      self.part = part
      self.count = count
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
      Int(String(decoding: digits, as: UTF8.self))
    }

    func path(_ part: Int) -> String {
      "\(prefix)-\(Self.padded(part))-of-\(Self.padded(count)).gguf"
    }

    private static func padded(_ number: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }
  }

  /// Opens a GGUF file; where it is a part, all parts as one.
  static func open(path: String) throws(CheckpointError) -> GGUFFile {
    let file = try GGUFFile(path: path)
    let name = Name(path)
    let count = try number("split.count", in: file) ?? 1
    guard count > 1 else {
      if let name, name.count > 1 {
        throw CheckpointError(
          .corrupt, file: path,
          "the name says part \(name.part) of \(name.count), but the file has no split.count: a part that was "
            + "cut or renamed by hand. Give a whole model another name")
      }
      return file
    }
    let part = try number("split.no", in: file).map { $0 + 1 } ?? 1
    guard let name, name.count == count, name.part == part else {
      throw CheckpointError(
        .corrupt, file: path,
        "split.no and split.count say part \(part) of \(count), which the file's name must say too: "
          + "NAME-0000\(min(part, 9))-of-0000\(min(count, 9)).gguf, beside the other parts")
    }
    return try GGUFFile(joining: try parts(name, opened: file))
  }

  private static func parts(
    _ name: Name, opened: GGUFFile
  ) throws(CheckpointError) -> [GGUFFile] {
    let paths = (1...name.count).map(name.path)
    let missing = paths.filter { !FileSystem.exists($0) }
    if let first = missing.first {
      throw CheckpointError(
        .missing, file: first,
        "the model is split into \(name.count) files, and \(missing.count) of them are not there: "
          + "\(missing.map(FileSystem.name).excerpt()). Download them into one directory")
    }
    var parts: [GGUFFile] = []
    for (index, path) in paths.enumerated() {
      let part = path == opened.path ? opened : try GGUFFile(path: path)
      guard try number("split.count", in: part) == name.count,
        try number("split.no", in: part) == index
      else {
        throw CheckpointError(
          .corrupt, file: path,
          "its split.no and split.count are not those of part \(index + 1) of \(name.count): the parts are of "
            + "different models")
      }
      parts.append(part)
    }
    try checkCount(parts)
    return parts
  }

  /// Where the parts say how many tensors they have in all.
  private static func checkCount(_ parts: [GGUFFile]) throws(CheckpointError) {
    let found = parts.reduce(0) { $0 + $1.tensors.count }
    for part in parts {
      if let claimed = try number("split.tensors.count", in: part), claimed != found {
        throw CheckpointError(
          .corrupt, file: part.path,
          "split.tensors.count is \(claimed); the \(parts.count) parts have \(found) tensors")
      }
    }
  }

  private static func number(
    _ key: String, in file: GGUFFile
  ) throws(CheckpointError) -> Int? {
    guard let value = file.metadata[key] else { return nil }
    guard let number = value.int, (0...99_999).contains(number) else {
      throw CheckpointError(.corrupt, file: file.path, "\(key) is no small integer")
    }
    return number
  }
}
