internal import LuffyCheckpoint
internal import LuffyJSON
import LuffyModel
import LuffyTokenizer

/// A saved state keeps what came with the model, so that a model that is exported from it is whole.
extension ModelCompanions {
  private static let prefix = "file/"
  private static let generationName = "file/generation_config.json"
  private static let limitName = "limit_vocabulary"

  func add(to writer: StateArchiveWriter) throws {
    try writer.add(Self.limitName, [UInt64(limitsVocabulary ? 1 : 0)])
    if let generation { try writer.add(Self.generationName, generation) }
    for document in documents() { try writer.add(Self.prefix + document.name, document.bytes) }
  }

  /// States of earlier versions have none of it.
  init(_ archive: StateArchive) throws {
    self.init()
    if archive.contains(Self.limitName) {
      limitsVocabulary = try archive.words(Self.limitName) != [0]
    }
    var files: [TokenizerDocuments.File] = []
    for name in TokenizerDocuments.names where archive.contains(Self.prefix + name) {
      files.append(.init(name: name, bytes: try archive.bytes(Self.prefix + name)))
    }
    if !files.isEmpty { set(TokenizerDocuments(files: files)) }
    if archive.contains(Self.generationName) {
      try set(generation: try Trainer.document(archive, Self.generationName).root)
    }
  }
}
