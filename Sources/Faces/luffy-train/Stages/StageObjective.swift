import LuffyJSON
import LuffyModel
import LuffyObjective
import LuffyTrainer

/// The objective that a stage names.
struct StageObjective {
  private let named: NamedObjective
  /// It has a KL term.
  let needsReference: Bool

  /// Replayed rollouts and prefixes are not made by a stage.
  private static let others: Set = ["exgrpo", "prefix_rft"]
  static let names = NamedObjective.presetNames.filter { !others.contains($0) }

  init(_ stage: Stage, in place: String) throws {
    guard Self.names.contains(stage.objective),
      var named = NamedObjective(preset: stage.objective, fixedLength: stage.maxNewTokens)
    else {
      throw ConfigurationError.unknown(
        stage.objective, "objective", among: Self.names, in: "\(place)objective: ")
    }
    if stage.usesTokenMeans { named.useTokenMeans() }
    do {
      if stage.objective == "chord" {
        try named.set(try JSONDocument(parsing: "{\"steps\": \(stage.steps)}").root)
      }
      if case .map = stage.objectiveOptions {
        try named.set(try JSONDocument(parsing: stage.objectiveOptions.json).root)
      }
      needsReference = try named.makeObjective().needsReference
    } catch {
      throw ConfigurationError("\(place)objective_options: \(error)")
    }
    self.named = named
  }

  /// Whether traces take places in a group.
  var usesTraces: Bool { named.usesTraces }

  /// A trainer with fresh moments.
  func trainer(_ model: Model, _ options: TrainerOptions, reference: Model?) throws -> Trainer {
    try Trainer(model, named: named, options: options, reference: reference)
  }
}

extension Stage {
  /// The built-in model explores more than a trained one needs: its bonus is 0.001 of the mean entropy, unless the
  /// stage has options of its own.
  mutating func takeBuiltInBonus() {
    let withBonus: Set = ["luffy", "on_policy", "mixed_policy", "rl_with_sft_loss"]
    guard learns, withBonus.contains(objective), objectiveOptions == .null else { return }
    objectiveOptions = .map([.init(key: "entropy_coefficient", value: .double(0.001))])
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
