using System.Globalization;
using System.Runtime.Versioning;
using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Tools;

/// <summary>Single programs, really run.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RunTests
{
    private static readonly LocalCommandRunner Runner = new();

    [Fact]
    public async Task Output_error_and_exit_code_come_back_apart()
    {
        var result = await Sh("echo out; echo err >&2; exit 3");
        result.ExitCode.ShouldBe(3);
        result.Output.ShouldBe("out\n");
        result.ErrorTail.ShouldBe("err\n");
    }

    [Fact]
    public async Task A_signal_is_128_and_its_number()
    {
        (await Sh("kill -9 $$")).ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] arguments = ["", " ", "a b", "$(id)", "`id`", "*", "-n", "line\nbreak", "ünïcödé", "'\"\\"];
        var result = await Runner.RunAsync(
            new Command("printf", ["%s|", .. arguments]),
            null,
            TestContext.Current.CancellationToken
        );
        result.Output.ShouldBe(string.Concat(arguments.Select(argument => argument + "|")));
    }

    [Fact]
    public async Task The_locale_is_c_and_our_own_settings_stay_ours()
    {
        Environment.SetEnvironmentVariable("ZFS_SYNC_SECRET_OF_TEST", "key");
        (await Sh("echo \"$LC_ALL:$ZFS_SYNC_SECRET_OF_TEST\"")).Output.ShouldBe("C:\n");
    }

    [Fact]
    public async Task Variables_of_a_command_reach_it()
    {
        var command = new Command("sh", "-c", "echo $ZFS_SYNC_PORT$LC_ALL")
        {
            Variables = new Dictionary<string, string> { ["ZFS_SYNC_PORT"] = "8000", ["LC_ALL"] = "POSIX" },
        };
        (await Runner.RunAsync(command, null, TestContext.Current.CancellationToken)).Output.ShouldBe("8000POSIX\n");
    }

    [Fact]
    public async Task Standard_input_is_empty()
    {
        (await Sh("cat; echo end")).Output.ShouldBe("end\n");
    }

    [Fact]
    public async Task Sbin_is_searched_too()
    {
        (await Sh("echo $PATH")).Output.ShouldContain("/usr/sbin");
    }

    [Fact]
    public async Task Lines_come_one_by_one_and_the_last_needs_no_line_break()
    {
        var lines = new List<string>();
        var result = await Runner.RunAsync(
            new Command("sh", "-c", "printf 'a\\n\\nb\\tc\\n'; printf 'half'; printf ' line'"),
            lines.Add,
            TestContext.Current.CancellationToken
        );
        lines.ShouldBe(["a", "", "b\tc", "half line"]);
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hundred_thousand_lines_arrive_whole()
    {
        var count = 0;
        var sum = 0L;
        await Runner.RunAsync(
            new Command("seq", "1", "100000"),
            line =>
            {
                count++;
                sum += long.Parse(line, CultureInfo.InvariantCulture);
            },
            TestContext.Current.CancellationToken
        );
        (count, sum).ShouldBe((100_000, 5_000_050_000));
    }

    [Fact]
    public async Task Of_standard_error_the_last_16_kibibytes_stay()
    {
        var result = await Sh("seq 1 100000 >&2; echo last >&2");
        result.ErrorTail.Length.ShouldBe(16 * 1024);
        result.ErrorTail.ShouldEndWith("99999\n100000\nlast\n");
    }

    [Fact]
    public async Task A_cut_error_tail_starts_with_a_whole_character()
    {
        var result = await Sh(
            "i=0; while [ $i -lt 600 ]; do printf 'ääääääääääääääää' >&2; i=$((i+1)); done; printf x >&2"
        );
        result.ErrorTail.ShouldStartWith("ä");
        result.ErrorTail.ShouldNotContain('�');
    }

    [Fact]
    public async Task A_missing_program_names_its_package()
    {
        var fault = await Should.ThrowAsync<ToolException>(() =>
            Runner.RunAsync(new Command("smartctl-of-no-path"), null, TestContext.Current.CancellationToken)
        );
        fault.Kind.ShouldBe(ToolErrorKind.NotInstalled);
        fault.ExitCode.ShouldBe(-1);
        ProgramPackages.Missing("zfs").ShouldContain("zfsutils-linux");
        fault.Message.ShouldBe(ProgramPackages.Missing("smartctl-of-no-path"));
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_told()
    {
        var path = Path.Combine(Path.GetTempPath(), $"zfs-sync-no-program-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(path, "\u007fELF nothing", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var fault = await Should.ThrowAsync<ToolException>(() =>
                Runner.RunAsync(new Command(path), null, TestContext.Current.CancellationToken)
            );
            fault.Message.ShouldContain(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_nul_in_an_argument_is_refused()
    {
        await Should.ThrowAsync<ArgumentException>(() => Sh("echo \0"));
    }

    [Fact]
    public async Task What_a_line_handler_throws_ends_the_program_and_comes_out()
    {
        await Should.ThrowAsync<FormatException>(() =>
            Runner.RunAsync(
                new Command("sh", "-c", "echo bad; exec sleep 1000"),
                line => throw new FormatException(line),
                TestContext.Current.CancellationToken
            )
        );
    }

    private static Task<CommandResult> Sh(string script) =>
        Runner.RunAsync(new Command("sh", "-c", script), null, TestContext.Current.CancellationToken);
}
