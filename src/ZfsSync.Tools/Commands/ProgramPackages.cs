namespace ZfsSync.Tools.Commands;

/// <summary>Which package brings a program: what a person does about a missing one.</summary>
public static class ProgramPackages
{
    /// <summary>Debian's name of the package, and FreeBSD's where another is needed there; the program's own name when unknown.</summary>
    public static string Of(string program) =>
        program switch
        {
            "zfs" or "zpool" => "zfsutils-linux (Debian and Ubuntu; part of FreeBSD's base system)",
            "ssh" => "openssh-client (Debian and Ubuntu; part of FreeBSD's base system)",
            "sanoid" or "syncoid" => "sanoid",
            "smartctl" => "smartmontools",
            "sh" => "dash",
            _ => program,
        };

    /// <summary>The sentence for a person.</summary>
    public static string Missing(string program) =>
        $"The program '{program}' is not installed, or not on the PATH; install the package {Of(program)}.";
}
