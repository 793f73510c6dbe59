internal import LuffyCheckpoint
internal import LuffyJSON
public import LuffyModel
public import LuffyObjective
import LuffyOptimizer
import LuffyTensor

/// Saving and resuming: a resumed trainer's next step has the bits that the saved one's would have had.
extension Trainer {
  /// Writes weights, moments, counters and options as one directory that appears whole or not at all.
  ///
  /// An archive that is already there is replaced; after any error it is still there. Every array has a checksum.
  /// A reference model is not in it, nor are the frozen weights of an adapted model.
  public func save(_ directory: String) throws {
    let writer = try StateArchiveWriter(path: directory)
    try addWeights(to: writer)
    try writer.add("first_moments", UnsafeBufferPointer(optimizer.firstMoments.span))
    try writer.add("second_moments", UnsafeBufferPointer(optimizer.secondMoments.span))
    try writer.add("counters", [UInt64(step), UInt64(optimizer.step)])
    try writer.add("longest_response", [UInt64(longestResponse)])
    try writer.add("start_entropy", startEntropy.map { [$0] } ?? [])
    let texts = [
      ("configuration", model.configuration.huggingFaceJSON()), ("options", optionsJSON()),
    ]
    for (name, text) in texts {
      // A writer of JSON that runs out of memory has no text.
      if text.isEmpty { throw OutOfMemory(bytes: 0) }
      try writer.add(name, Array(text.utf8))
    }
    try writer.add("user_state", userState)
    try model.companions.add(to: writer)
    try writer.commit()
  }

  /// Resumes from `save`'s directory.
  ///
  /// - Parameters:
  ///   - objective: only for a trainer whose objective was composed; one with a name is in the archive.
  ///   - reference: π_ref, where the objective has a KL term.
  ///   - base: the model that adapters were made on, for a state that holds adapters; it may be the reference too.
  /// - Throws: `CheckpointError` for an archive that is damaged or incomplete; `TrainerError.state` for one that
  ///   does not fit.
  public static func load(
    _ directory: String, objective: Objective? = nil, reference: Model? = nil, base: Model? = nil
  ) throws -> Trainer {
    let archive = try StateArchive(path: directory)
    let saved = try SavedOptions(try document(archive, "options").root)
    let model = try model(archive, saved, base)
    let trainer: Trainer
    if let objective {
      trainer = try Trainer(
        model, composed: objective, options: saved.trainer, reference: reference)
    } else if let named = saved.objective {
      trainer = try Trainer(
        model, named: named, options: saved.trainer, reference: reference)
    } else {
      throw TrainerError.state("its objective was composed: pass it to load")
    }
    try trainer.readMoments(archive)
    return trainer
  }

  /// The `userState` of `save`'s directory, without making a trainer of it. Checksums are verified.
  public static func userState(of directory: String) throws -> [UInt8] {
    try StateArchive(path: directory).bytes("user_state")
  }

  fileprivate static func model(
    _ archive: StateArchive, _ saved: SavedOptions, _ base: Model?
  ) throws -> Model {
    var configuration = try ModelConfiguration(try document(archive, "configuration").root)
    configuration.allowsLongSequences = saved.allowsLongSequences
    let model = try weighted(
      archive, saved.adapters, configuration, saved.precision, base: base)
    model.companions = try ModelCompanions(archive)
    return model
  }

  /// Numbers up to here are exact in float64, in which schedules read them, and more are not counted in a lifetime.
  private static let mostSteps: UInt64 = 1 << 53

  private func readMoments(_ archive: StateArchive) throws {
    try archive.read("first_moments", into: optimizer.firstMoments.span)
    try archive.read("second_moments", into: optimizer.secondMoments.span)
    let counters = try archive.words("counters")
    guard counters.count == 2 else {
      throw TrainerError.state("expected 2 counters, found \(counters.count)")
    }
    for (name, count) in [("steps", counters[0]), ("updates", counters[1])]
    where count > Self.mostSteps {
      throw TrainerError.state("\(count) \(name), expected 0 to \(Self.mostSteps)")
    }
    step = Int(counters[0])
    optimizer.step = Int(counters[1])
    try readProgress(archive)
    userState = try archive.bytes("user_state")
  }

  /// What archives hold since objectives may follow the longest response.
  private func readProgress(_ archive: StateArchive) throws {
    if archive.contains("longest_response") {
      let words = try archive.words("longest_response")
      guard words.count == 1, let length = Int(exactly: words[0]) else {
        throw TrainerError.state("expected one longest response, found \(words)")
      }
      longestResponse = length
    }
    if archive.contains("start_entropy") {
      let entropies = try archive.doubles("start_entropy")
      guard entropies.count <= 1, entropies.allSatisfy(\.isFinite) else {
        throw TrainerError.state("expected one entropy at the start, found \(entropies)")
      }
      startEntropy = entropies.first
    }
  }

  static func document(_ archive: StateArchive, _ name: String) throws -> JSONDocument {
    do {
      return try JSONDocument(parsing: try archive.bytes(name))
    } catch let error as JSONError {
      if error.isOutOfMemory { throw OutOfMemory(bytes: 0) }
      throw TrainerError.state("\(name): \(error)")
    }
  }

  private func optionsJSON() -> String {
    let writer = JSONWriter()
    writer.object {
      writer.key("precision")
      writer.write(model.precision.rawValue)
      writer.key("allow_long_sequences")
      writer.write(model.configuration.allowsLongSequences)
      if let adapters = model.adapterOptions {
        writer.key("adapters")
        writer.object { adapters.write(writer) }
      }
      writer.key("trainer")
      writer.object { options.write(writer) }
      if let namedObjective {
        writer.key("objective")
        writer.object { namedObjective.write(writer) }
      }
    }
    return writer.text
  }
}

extension Model {
  /// The model of `Trainer.save`'s directory, without moments.
  ///
  /// - Parameter base: the model that adapters were made on, for a state that holds adapters.
  public static func load(state directory: String, base: Model? = nil) throws -> Model {
    let archive = try StateArchive(path: directory)
    let saved = try SavedOptions(try Trainer.document(archive, "options").root)
    return try Trainer.model(archive, saved, base)
  }
}

/// The options of a saved state.
private struct SavedOptions {
  var precision: Precision
  /// True of states that were saved before there was a limit.
  var allowsLongSequences: Bool
  var trainer = TrainerOptions()
  var objective: NamedObjective?
  /// Of an adapted model.
  var adapters: AdapterOptions?

  init(_ json: JSONNode) throws {
    guard let node = json["trainer"],
      let precision = json["precision"]?.string.flatMap(Precision.init)
    else { throw TrainerError.state("options are missing") }
    self.precision = precision
    allowsLongSequences = json["allow_long_sequences"]?.bool ?? true
    try trainer.set(node)
    if let node = json["adapters"] { adapters = try AdapterOptions(node) }
    if let node = json["objective"] { objective = try NamedObjective(node) }
  }
}
