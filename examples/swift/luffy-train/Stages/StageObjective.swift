import LuffyJSON
import LuffyModel
import LuffyObjective
import LuffyTrainer

/// The objective that a stage names.
struct StageObjective {
  /// Flat options, where the objective is one of their presets; a saved state then holds it.
  let options: ObjectiveOptions?
  let objective: Objective
  /// Whether traces take places in a group.
  let usesTraces: Bool

  /// Objectives that are composed of terms, beside `ObjectiveOptions.presetNames`.
  static let composedNames = [
    "dr_grpo", "dapo", "gspo", "cispo", "sapo", "srft", "hpt", "chord", "chord_phi",
  ]
  static var names: [String] { ObjectiveOptions.presetNames + composedNames }

  init(_ stage: Stage, in place: String) throws {
    if var options = ObjectiveOptions.preset(stage.objective, fixedLength: stage.maxNewTokens) {
      do {
        if case .map = stage.objectiveOptions {
          try options.set(try JSONDocument(parsing: stage.objectiveOptions.json).root)
        }
        objective = try options.makeObjective()
      } catch {
        throw ConfigurationError("\(place)objective_options: \(error)")
      }
      self.options = options
      usesTraces = options.traces != .unused
    } else if let (objective, usesTraces) = Self.composed(stage) {
      if stage.objectiveOptions != .null {
        throw ConfigurationError(
          "\(place)objective_options: \(stage.objective) has none; those with options are "
            + ObjectiveOptions.presetNames.joined(separator: ", "))
      }
      options = nil
      self.objective = objective
      self.usesTraces = usesTraces
    } else {
      throw ConfigurationError.unknown(
        stage.objective, "objective", among: Self.names, in: "\(place)objective: ")
    }
  }

  private static func composed(_ stage: Stage) -> (Objective, usesTraces: Bool)? {
    switch stage.objective {
    case "dr_grpo": (.drGRPO(fixedLength: stage.maxNewTokens), false)
    case "dapo": (.dapo(), false)
    case "gspo": (.gspo(), false)
    case "cispo": (.cispo(), false)
    case "sapo": (.sapo(), false)
    case "srft": (.srft(), true)
    case "hpt": (.hpt(fixedLength: stage.maxNewTokens), true)
    case "chord": (.chord(steps: stage.steps), true)
    case "chord_phi": (.chord(steps: stage.steps, weighsTokens: true), true)
    default: nil
    }
  }

  /// A trainer with fresh moments.
  func trainer(_ model: Model, _ options: TrainerOptions, reference: Model?) throws -> Trainer {
    if let flat = self.options {
      return try Trainer(model, objective: flat, options: options, reference: reference)
    }
    return try Trainer(model, composed: objective, options: options, reference: reference)
  }

  /// The trainer of a saved state.
  func trainer(loading path: String, reference: Model?) throws -> Trainer {
    try Trainer.load(path, objective: options == nil ? objective : nil, reference: reference)
  }
}

extension ConfigurationValue {
  /// As JSON text.
  var json: String {
    let writer = JSONWriter()
    write(to: writer)
    return writer.text
  }

  private func write(to writer: JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let flag): writer.write(flag)
    case .int(let number): writer.write(number)
    case .double(let number): writer.write(number)
    case .string(let text): writer.write(text)
    case .list(let items): writer.array { for item in items { item.write(to: writer) } }
    case .map(let members):
      writer.object {
        for member in members {
          writer.key(member.key)
          member.value.write(to: writer)
        }
      }
    }
  }
}
