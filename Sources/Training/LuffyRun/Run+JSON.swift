import LuffyCheckpoint
import LuffyJSON
import LuffyOptions
import LuffyRecords
import LuffyRollout
import LuffyTokenizer

// What languages that do not share Swift's types see of a run: JSON in, JSON out.
extension Run {
  /// A run by a JSON object of configuration keys. With the key `resume`, a directory, the run there goes on; the other keys
  /// are then new values of those that may change. A finished run is opened at its end.
  package static func open(json text: String) throws -> Run {
    var members = try members(text)
    if let resumed = try resumedDirectory(&members) {
      return try resume(resumed, changes: members) ?? finished(resumed, members)
    }
    let (configuration, notes) = try resolved(members)
    let run = try Run(configuration)
    if !notes.isEmpty {
      run.notes.insert(
        "defaults for a model of yours: \(notes.joined(separator: ", "))", at: 0)
    }
    return run
  }

  /// The configuration with which `open` would begin or go on, every key with its value.
  package static func configuration(json text: String) throws -> String {
    var members = try members(text)
    if let resumed = try resumedDirectory(&members) {
      return try resumedConfiguration(resumed, changes: members, yaml: nil)
        .configurationValue().prettyJSON
    }
    return try resolved(members).0.configurationValue().prettyJSON
  }

  private static func members(_ text: String) throws -> [ConfigurationValue.Member] {
    let value = try ConfigurationValue(json: text, in: "configuration: ")
    guard case .map(let members) = value else {
      throw ConfigurationError(
        "configuration: expected an object of keys, found \(value.description)")
    }
    return members
  }

  private static func resumedDirectory(
    _ members: inout [ConfigurationValue.Member]
  ) throws -> String? {
    guard let place = members.lastIndex(where: { $0.key == "resume" }) else { return nil }
    let value = members.remove(at: place).value
    guard case .string(let directory) = value else {
      throw ConfigurationError("resume: expected a run directory, found \(value.description)")
    }
    return directory
  }

  private static func resolved(
    _ members: [ConfigurationValue.Member]
  ) throws -> (RunConfiguration, notes: [String]) {
    var configuration = RunConfiguration()
    try configuration.set(.map(members), in: "")
    return try configuration.resolved()
  }

  /// A run that is complete, for its model and its figures.
  private static func finished(
    _ path: String, _ changes: [ConfigurationValue.Member]
  ) throws -> Run {
    let configuration = try resumedConfiguration(path, changes: changes, yaml: nil)
    let directory = RunDirectory(path)
    let run = try Run(
      configuration, directory, metrics: try RecordFile(locking: directory.metrics),
      from: try RunCheckpoint.finished(directory, configuration))
    run.phase = .done
    return run
  }

  /// A group's problem and what was written to it: `prompt`, `problem`, `answer`, `columns` (the data's other columns) and
  /// `responses`, the texts of its members, rollouts first.
  package func problemJSON(_ group: Int) throws -> String {
    guard groups.indices.contains(group), groupProblems.indices.contains(group) else {
      throw RunError("group is \(group), there are \(groups.count)")
    }
    let problem = groupProblems[group]
    let responses = try groups[group].members.map {
      try tokenizer.decode($0.ids, skipSpecialTokens: true)
    }
    let columns = try JSONDocument(parsing: problem.columns)
    let writer = JSONWriter()
    writer.object {
      writer.member("prompt", problem.prompt)
      writer.member("problem", problem.question.isEmpty ? problem.prompt : problem.question)
      writer.member("answer", problem.answer)
      writer.key("columns")
      _ = writer.write(copying: columns.root)
      writer.key("responses")
      writer.array { for response in responses { writer.write(response) } }
    }
    return writer.text
  }

  /// Where the run stands. Notes are given once.
  package var statusJSON: String {
    let writer = JSONWriter()
    writer.object {
      writer.member("directory", directory.path)
      writer.member("task", taskName)
      writer.member("stage", stageName)
      writer.member("step", completedSteps)
      writer.member("steps", totalSteps)
      writer.member("stage_step", stageSteps.done)
      writer.member("stage_steps", stageSteps.all)
      writer.member("done", isDone)
      writer.member("evaluates_next", evaluatesNext)
      writer.member("expects_rewards", expectsCallerRewards)
      accuracy("before", before, writer)
      accuracy("evaluation", evaluation, writer)
      writer.member("evaluation_moment", "\(evaluationMoment)")
      writer.key("best")
      if let best {
        writer.object {
          writer.member("accuracy", best.accuracy)
          writer.member("step", best.step)
        }
      } else {
        writer.null()
      }
      writer.key("notes")
      writer.array { for note in takeNotes() { writer.write(note) } }
    }
    return writer.text
  }

  private func accuracy(_ name: String, _ accuracy: HeldOutAccuracy?, _ writer: JSONWriter) {
    writer.key(name)
    guard let accuracy else { return writer.null() }
    writer.object {
      for (name, value) in accuracy.members { writer.member(name, value) }
    }
  }
}
