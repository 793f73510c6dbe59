import ArgumentParser
import Foundation

/// Post-trains a small model on worked arithmetic, or a model of yours on a file of problems.
@main
struct LuffyTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "luffy-train",
    abstract: "Reinforcement learning with verified rewards and teacher traces (LUFFY).",
    discussion: """
      Without a subcommand it runs `run`: a built-in arithmetic task on a model made from a seed: a short \
      supervised warm-up to a weak base, then LUFFY, with held-out accuracy before and after.
      """,
    subcommands: [
      RunCommand.self, PlanCommand.self, CompareCommand.self, ReportCommand.self, EvalCommand.self,
      PrepareCommand.self, ExportCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  /// As the default, but that errors of Foundation are told plainly.
  static func main() {
    do {
      var command = try parseAsRoot()
      do { try command.run() } catch {
        let isPlain = !(error is DecodingError) && (error as NSError).domain != NSCocoaErrorDomain
        throw isPlain ? error : PlainError(error)
      }
    } catch { exit(withError: error) }
  }
}
