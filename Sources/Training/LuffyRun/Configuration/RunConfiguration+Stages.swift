import LuffyOptimizer
import LuffyOptions
import LuffyTokenizer
import LuffyVerifier

extension RunConfiguration {
  /// Only the built-in task has component skills to warm up on.
  package var hasWarmup: Bool { data == nil }

  /// The stages as they will run: a kind's defaults, then the run's keys, then the stage's own.
  ///
  /// A warm-up of 0 steps is left out.
  package func resolvedStages() throws -> [Stage] {
    var requests = stages
    if hasWarmup, !requests.contains(where: { $0.kind == .warmup }) {
      requests.insert(StageRequest(kind: .warmup), at: 0)
    }
    return try requests.enumerated().compactMap { index, request in
      let place = "stages: \(index + 1) (\(request.kind.rawValue)): "
      let stage = try resolved(request, in: place)
      if stage.kind == .warmup && stage.steps == 0 { return nil }
      try stage.validate(in: place)
      return stage
    }
  }

  private func resolved(_ request: StageRequest, in place: String) throws -> Stage {
    var stage = Stage(request.kind)
    for key in Self.stageKeys where key.kinds.contains(request.kind) {
      let value = key.key.value(of: stageDefaults)
      if key.key.name == "warmup_steps", value == .null { continue }
      try stage.set(key.name, value, in: place)
    }
    for member in request.settings { try stage.set(member.key, member.value, in: place) }
    stage.usesTokenMeans = format < 2
    if model == nil { takeBuiltInDefaults(request, &stage) }
    return stage
  }

  /// What suits the built-in model where the stage says nothing.
  private func takeBuiltInDefaults(_ request: StageRequest, _ stage: inout Stage) {
    stage.takeBuiltInBonus()
    let isOpen = !request.settings.contains { $0.key == "lr_schedule" }
    if showsWholeChains && stage.learns && isOpen { stage.lrSchedule = .linear }
  }

  /// A key that is given beside a file, as a flag, goes before what the file's stages say.
  package mutating func override(_ name: String, _ value: ConfigurationValue) throws {
    try set(name, value, in: "")
    for key in Self.stageKeys where key.key.name == name {
      for index in stages.indices where key.kinds.contains(stages[index].kind) {
        // Options are those of one objective.
        stages[index].settings.removeAll {
          $0.key == key.name || (name == "objective" && $0.key == "objective_options")
        }
      }
    }
  }

  /// The keys of a JSON object, then what suits the model where nothing is said, all of it checked: what a run begins with.
  ///
  /// - Returns: the configuration, and what was chosen for the model.
  public static func resolved(json text: String) throws -> (RunConfiguration, notes: [String]) {
    var configuration = RunConfiguration()
    try configuration.set(try ConfigurationValue(json: text, in: "configuration: "), in: "")
    return try configuration.resolved()
  }

  /// With the values that suit the model for keys that nobody has set, checked.
  package func resolved() throws -> (RunConfiguration, notes: [String]) {
    var configuration = self
    let notes = try configuration.resolveDefaults()
    try configuration.validate()
    try configuration.checkTraces()
    return (configuration, notes)
  }

  /// Checks what no type says. Every stage is checked, too.
  package func validate() throws {
    if !PromptTemplate.allNames.contains(template) {
      throw ConfigurationError.unknown(
        template, "template", among: PromptTemplate.allNames, in: "template: ")
    }
    if !(1...Self.currentFormat).contains(format) {
      throw ConfigurationError("format: expected 1 or \(Self.currentFormat), found \(format)")
    }
    if AnswerForm(rawValue: answerForm) == nil {
      throw ConfigurationError.unknown(
        answerForm, "answer form", among: AnswerForm.allCases.map(\.rawValue), in: "answer_form: ")
    }
    if data != nil && model == nil { throw ConfigurationError("data: needs a model, too") }
    if evalData != nil && data == nil { throw ConfigurationError("eval_data: needs data, too") }
    let stages = try resolvedStages()
    if stages.isEmpty { throw ConfigurationError("stages: nothing to do") }
    for (index, stage) in stages.enumerated() where stage.learns && reference == nil {
      let place = "stages: \(index + 1) (\(stage.kind.rawValue)): "
      if try StageObjective(stage, in: place).needsReference {
        throw ConfigurationError(
          "\(place)a KL term (kl_coefficient) needs a reference: the path of the model that it holds to, "
            + "as the one that training starts from")
      }
    }
  }
}
