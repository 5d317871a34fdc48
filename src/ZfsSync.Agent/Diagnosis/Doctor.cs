using ZfsSync.Contracts.Client;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent.Diagnosis;

/// <summary>Looks at everything that an agent needs, changes nothing, and says what is missing and how to mend it.</summary>
public static class Doctor
{
    /// <summary>Looks once. A part that cannot be looked at is a finding, not an exception.</summary>
    /// <param name="options">As the agent would get them.</param>
    /// <param name="runner">This host's commands.</param>
    /// <param name="connect">Makes a client with the host's key; not called when the host has not joined.</param>
    /// <param name="time">For the clock's difference to the witness's.</param>
    /// <returns>In the order in which things depend on each other.</returns>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(
        AgentOptions options,
        ICommandRunner runner,
        Func<Identity.AgentIdentity, WitnessClient> connect,
        TimeProvider time,
        CancellationToken cancellation
    ) => DoctorRules.Judge(await new Examination(options, runner, connect, time).GatherAsync(cancellation));
}
