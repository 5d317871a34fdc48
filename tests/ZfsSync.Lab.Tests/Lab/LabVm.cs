using ZfsSync.Tools.Commands;

namespace ZfsSync.Lab.Tests.Lab;

/// <summary>A running virtual machine with real OpenZFS. Made by <see cref="LabVms"/>.</summary>
public sealed class LabVm
{
    internal LabVm(string name, string suite, int sshPort)
    {
        Name = name;
        Suite = suite;
        SshPort = sshPort;
    }

    /// <summary>Its name, by which other VMs reach it too.</summary>
    public string Name { get; }

    /// <summary><c>trixie</c> (OpenZFS 2.3) or <c>bookworm</c> (2.1).</summary>
    public string Suite { get; }

    /// <summary>The port of 127.0.0.1 here that leads to its sshd.</summary>
    public int SshPort { get; }

    /// <summary>Runs a line of sh in it, as root or as another user.</summary>
    /// <returns>Its standard output, without the last line's end.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it said.</exception>
    public Task<string> RunAsync(string line, string user = "root") =>
        LabScript.RunAsync(["ssh", $"{user}@{Name}", line], CancellationToken.None);

    /// <summary>Like <see cref="RunAsync"/>, for a line that may fail.</summary>
    public Task<CommandResult> TryAsync(string line, string user = "root") =>
        LabScript.TryAsync(["ssh", $"{user}@{Name}", line], CancellationToken.None);

    /// <summary>Copies a file or folder of this machine into it.</summary>
    public Task PutAsync(string from, string to) => LabScript.RunAsync(["put", Name, from, to], CancellationToken.None);

    /// <summary>The port of 127.0.0.1 here that leads to <paramref name="port"/> of the VM; other VMs then reach it by name too.</summary>
    public async Task<int> PortAsync(int port) =>
        int.Parse(await LabScript.RunAsync(["port", Name, $"{port}"], CancellationToken.None));

    /// <summary>Ends it like a power failure; its disks stay.</summary>
    public Task CutPowerAsync() => LabScript.RunAsync(["power-cut", Name], CancellationToken.None);

    /// <summary>Boots it from its disks.</summary>
    public Task BootAsync() => LabScript.RunAsync(["boot", Name], CancellationToken.None);

    /// <summary>Changes its network: <c>cut</c>, <c>slow RATE DELAY</c>, <c>heal</c>.</summary>
    public Task NetworkAsync(params string[] change) =>
        LabScript.RunAsync(["net", Name, .. change], CancellationToken.None);
}
