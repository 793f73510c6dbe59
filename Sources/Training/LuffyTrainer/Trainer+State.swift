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
  /// A reference model is not in it.
  public func save(_ directory: String) throws {
    let writer = try StateArchiveWriter(path: directory)
    try writer.add("weights", UnsafeBufferPointer(model.values.span))
    try writer.add("first_moments", UnsafeBufferPointer(optimizer.firstMoments.span))
    try writer.add("second_moments", UnsafeBufferPointer(optimizer.secondMoments.span))
    try writer.add("counters", [UInt64(step), UInt64(optimizer.step)])
    let texts = [
      ("configuration", model.configuration.huggingFaceJSON()), ("options", optionsJSON()),
    ]
    for (name, text) in texts {
      // A writer of JSON that runs out of memory has no text.
      if text.isEmpty { throw OutOfMemory(bytes: 0) }
      try writer.add(name, Array(text.utf8))
    }
    try writer.add("user_state", userState)
    try writer.commit()
  }

  /// Resumes from `save`'s directory.
  ///
  /// - Parameters:
  ///   - objective: only for a trainer whose objective was composed; one with a name is in the archive.
  ///   - reference: π_ref, where the objective has a KL term.
  /// - Throws: `CheckpointError` for an archive that is damaged or incomplete; `TrainerError.state` for one that
  ///   does not fit.
  public static func load(
    _ directory: String, objective: Objective? = nil, reference: Model? = nil
  ) throws -> Trainer {
    let archive = try StateArchive(path: directory)
    let saved = try SavedOptions(try document(archive, "options").root)
    let model = try model(archive, saved.precision)
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

  fileprivate static func model(_ archive: StateArchive, _ precision: Precision) throws -> Model {
    let configuration = try document(archive, "configuration")
    let model = try Model(
      uninitialized: try ModelConfiguration(configuration.root), precision: precision)
    try archive.read("weights", into: model.values.span)
    model.parametersDidChange()
    return model
  }

  private func readMoments(_ archive: StateArchive) throws {
    try archive.read("first_moments", into: optimizer.firstMoments.span)
    try archive.read("second_moments", into: optimizer.secondMoments.span)
    let counters = try archive.words("counters")
    guard counters.count == 2, let step = Int(exactly: counters[0]),
      let updates = Int(exactly: counters[1])
    else { throw TrainerError.state("expected 2 counters, found \(counters)") }
    self.step = step
    optimizer.step = updates
    userState = try archive.bytes("user_state")
  }

  fileprivate static func document(_ archive: StateArchive, _ name: String) throws -> JSONDocument {
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
  public static func load(state directory: String) throws -> Model {
    let archive = try StateArchive(path: directory)
    let saved = try SavedOptions(try Trainer.document(archive, "options").root)
    return try Trainer.model(archive, saved.precision)
  }
}

/// The options of a saved state.
private struct SavedOptions {
  var precision: Precision
  var trainer = TrainerOptions()
  var objective: NamedObjective?

  init(_ json: JSONNode) throws {
    guard let node = json["trainer"],
      let precision = json["precision"]?.string.flatMap(Precision.init)
    else { throw TrainerError.state("options are missing") }
    self.precision = precision
    try trainer.set(node)
    if let node = json["objective"] { objective = try NamedObjective(node) }
  }
}
