using ZfsSync.Agent.Execution;
using ZfsSync.Agent.Identity;
using ZfsSync.Agent.Reporting;
using ZfsSync.Agent.Storage;
using ZfsSync.Agent.Survey;
using ZfsSync.Agent.Work;
using ZfsSync.Contracts.Client;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent;

/// <summary>The parts of one agent, put together.</summary>
internal sealed record AgentParts(
    HostSurvey Survey,
    ReportLoop Reports,
    InstructionLoop Instructions,
    OutcomeBox Outcomes
)
{
    /// <param name="onJournal">See <see cref="InstructionJournal"/>.</param>
    public static AgentParts Build(
        AgentOptions options,
        AgentIdentity identity,
        ICommandRunner runner,
        WitnessClient client,
        TimeProvider time,
        Random random,
        AgentLog log,
        Action<string>? onJournal = null
    )
    {
        var zfs = new ZfsHost(runner);
        var survey = new HostSurvey(zfs, options.Scope, time, log);
        var sequence = new SequenceFile(options.DataDirectory, options.Durable);
        var sender = new ReportSender(client, identity, options, sequence, time);
        var companions = new Companions(options, time);
        var reports = new ReportLoop(survey, sender, companions, options, time, random, log);

        var hosts = new HostAccess(runner, options);
        var sources = new SourceReader(hosts, companions, time);
        var marks = new EdgeMarks(hosts, sources, companions, time, log);
        var targets = new TargetReader(hosts, companions, time);
        var empties = new EmptyTargets(hosts, log);
        var placeholders = new Placeholders(hosts, targets, empties, log);
        var executor = new InstructionExecutor(
            new Transfer(
                hosts,
                marks,
                sources,
                targets,
                placeholders,
                empties,
                new SyncoidTransfer(hosts, log),
                new StreamSlots(options),
                options
            ),
            new RepairExecution(hosts, targets, placeholders, log),
            new LeaseKeeper(client, options, time, log),
            identity
        );

        var journal = new InstructionJournal(options.DataDirectory, options.Durable, log, onJournal);
        var outcomes = new OutcomeBox(client, journal, log);
        var conclusion = new Conclusion(marks, hosts, sources, targets, placeholders, reports, log);
        var run = new InstructionRun(executor, companions, conclusion, journal, outcomes, reports, options, time, log);
        reports.IsReceiving = run.IsReceiving;
        var loop = new InstructionLoop(
            client,
            identity,
            run,
            companions,
            journal,
            outcomes,
            new ForgottenHolds(zfs, hosts, survey, client, identity, log),
            reports.Request,
            options,
            time,
            random,
            log
        );
        return new AgentParts(survey, reports, loop, outcomes);
    }
}
