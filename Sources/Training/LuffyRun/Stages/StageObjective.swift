import LuffyJSON
import LuffyModel
import LuffyObjective
import LuffyOptions
import LuffyTrainer

/// The objective that a stage names.
package struct StageObjective {
  private let named: NamedObjective
  /// It has a KL term.
  package let needsReference: Bool

  /// Replayed rollouts and prefixes are not made by a stage.
  private static let others: Set = ["exgrpo", "prefix_rft"]
  package static let names = NamedObjective.presetNames.filter { !others.contains($0) }

  package init(_ stage: Stage, in place: String) throws {
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
  package var usesTraces: Bool { named.usesTraces }

  /// A trainer with fresh moments.
  package func trainer(_ model: Model, _ options: TrainerOptions, reference: Model?) throws
    -> Trainer
  {
    try Trainer(model, named: named, options: options, reference: reference)
  }
}

extension Stage {
  /// The built-in model explores more than a trained one needs: its bonus is 0.001 of the mean entropy, unless the
  /// stage has options of its own.
  package mutating func takeBuiltInBonus() {
    let withBonus: Set = ["luffy", "on_policy", "mixed_policy", "rl_with_sft_loss"]
    guard learns, withBonus.contains(objective), objectiveOptions == .null else { return }
    objectiveOptions = .map([.init(key: "entropy_coefficient", value: .double(0.001))])
  }
}
