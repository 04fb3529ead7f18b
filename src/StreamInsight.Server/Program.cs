using System.CommandLine;
using StreamInsight.Server;
using StreamInsight.Server.Commands;

// One line a command; nothing here may touch ASP.NET, SQLite, Kafka or Redis: `--help` has to be instant.
var root = new RootCommand("StreamInsight turns a stream of customer events into what to do next, for each customer, within milliseconds.")
{
    CheckCommand.Create(),
    EvalCommand.Create(),
    ReplayCommand.Create(),
    FitCommand.Create(),
    CompareCommand.Create(),
    ExplainCommand.Create(),
    WhyCommand.Create(),
    ReportCommand.Create(),
    RunCommand.Create(),
    AuditCommand.Create(),
    ReconcileCommand.Create(),
    DeadCommand.Create(),
    KeysCommand.Create(),
    DemoCommand.Create(),
    GenerateCommand.Create(),
    HealthCommand.Create(),
};

return CommandLine.Invoke(root, args);
