import ArgumentParser
import CLuffy
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
    version: "luffy-train \(LUFFY_VERSION)",
    subcommands: [
      RunCommand.self, PlanCommand.self, CompareCommand.self, ReportCommand.self, EvalCommand.self,
      PrepareCommand.self, ExportCommand.self, OptionsCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  /// As the default, but that errors of Foundation are told plainly.
  static func main() {
    checkArguments()
    do {
      var command = try parseAsRoot()
      do { try command.run() } catch {
        let isPlain = !(error is DecodingError) && (error as NSError).domain != NSCocoaErrorDomain
        throw isPlain ? error : PlainError(error)
      }
    } catch { exit(withError: error) }
  }

  /// A path that is not UTF-8 would become another path as text: it is refused.
  private static func checkArguments() {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[index],
        String(validatingCString: argument) == nil
      else { continue }
      report(
        "Error: argument \(index), \(String(cString: argument)), is not UTF-8; rename the file or the directory"
      )
      Foundation.exit(EX_USAGE)
    }
  }
}
