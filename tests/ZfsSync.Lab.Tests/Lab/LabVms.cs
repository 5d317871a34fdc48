using Xunit;

namespace ZfsSync.Lab.Tests.Lab;

/// <summary>
/// The VMs of one test class: started together, ended together, and ending by themselves should the tests die. Where the
/// lab cannot run the tests are skipped with the reason; with CI=true they fail.
/// </summary>
/// <param name="suite"><c>trixie</c> or <c>bookworm</c>.</param>
/// <param name="names">The VMs' names, without the suite: <c>alpha</c> becomes <c>alpha-trixie</c>.</param>
public abstract class LabVms(string suite, params string[] names) : IAsyncLifetime
{
    private string? _missing;
    private IReadOnlyList<LabVm> _vms = [];

    /// <summary>The VM that was asked for as <paramref name="name"/>. Skips the test when there is no lab here.</summary>
    public LabVm this[string name]
    {
        get
        {
            if (_missing is not null)
                Assert.Skip(_missing);
            return _vms.Single(vm => vm.Name == $"{name}-{suite}");
        }
    }

    /// <summary><c>trixie</c> or <c>bookworm</c>.</summary>
    public string Suite => suite;

    /// <summary>After this a VM ends by itself, whatever became of the tests.</summary>
    protected virtual int LifetimeMinutes => 45;

    /// <summary>Whether there is a lab here; otherwise the tests are skipped.</summary>
    protected bool CanRun => _missing is null;

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            _missing = "the lab: only root can make its images";
            return;
        }
        var vms = names.Select(name => $"{name}-{suite}").ToList();
        await LabScript.RunAsync(
            ["up", .. vms, "--suite", suite, "--lifetime", $"{LifetimeMinutes}"],
            CancellationToken.None
        );
        var ports = new List<LabVm>();
        foreach (var vm in vms)
            ports.Add(new LabVm(vm, suite, int.Parse(await LabScript.RunAsync(["port", vm], CancellationToken.None))));
        _vms = ports;
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_vms.Count > 0)
            await LabScript.RunAsync(["down", .. _vms.Select(vm => vm.Name)], CancellationToken.None);
    }
}
