import ArgumentParser
import LuffyEvaluation
import LuffyOptions
import LuffyRun

/// Every key of a run and of an evaluation as tables: `docs/reference/options.md` is what this prints.
struct OptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "options",
    abstract: "Print every key of a run and of an evaluation, with its default, as Markdown.")

  func run() throws { print(OptionTables.text) }
}

/// The tables, from the declarations that files, flags, C and Python read, too.
private enum OptionTables {
  static var text: String {
    """
    # Options

    This page is what `luffy-train options` prints. A key is the same word in JSON, in YAML, in Python (`luffy.Run`,
    `luffy.evaluate`) and, with hyphens in place of underscores, as a flag of `luffy-train`.

    ## Keys of a run

    | key | value | default | with a model of yours | meaning |
    |---|---|---|---|---|
    \(RunConfiguration.names.map(row).joined(separator: "\n"))

    ## Keys of an evaluation

    | key | value | default | meaning |
    |---|---|---|---|
    \(EvaluationSettings.keys.map(row).joined(separator: "\n"))
    """
  }

  private static func row(_ name: String) -> String {
    let expected =
      RunConfiguration.runKeys.first { $0.name == name }?.expected
      ?? RunConfiguration.stageKeys.first { $0.key.name == name }?.key.expected
      ?? "a list of kinds or maps"
    let value = RunConfiguration.defaultValue(name).map(shown) ?? "`[rl]`"
    let cells = [
      "`\(name)`", expected, value, RunConfiguration.modelDefaults[name] ?? "the same",
      RunConfiguration.help(name) ?? "",
    ]
    return line(cells)
  }

  private static func row(_ key: ConfigurationKey<EvaluationSettings>) -> String {
    line(["`\(key.name)`", key.expected, shown(key.value(of: EvaluationSettings())), key.help])
  }

  private static func shown(_ value: ConfigurationValue) -> String {
    value == .null ? "none" : "`\(value.json)`"
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
  }
}
