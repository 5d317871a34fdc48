using System.Text.Json;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Http;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>
/// The rules of what people say about a host. Names and users end up in argument lists of ssh on other hosts, so they
/// never start with a dash and hold nothing that a shell or ssh would take for something else.
/// </summary>
internal static class SystemInput
{
    private const int MaxHostname = 253;
    private const int MaxUser = 32;
    private const int MaxText = 100;
    private const int MaxDocumentChars = 65_536;

    public static void Check(SystemRegistration registration)
    {
        var errors = new FieldErrors();
        CheckHostname("hostname", registration.Hostname, errors);
        CheckPlatform(registration.Platform, errors);
        CheckSsh(registration.SshHostname, registration.SshUser, registration.SshPort, errors);
        CheckDocuments(registration.Labels, registration.ExtraMetadata?.ToJsonString(), errors);
        errors.ThrowIfAny();
    }

    public static void Check(SystemUpdate update)
    {
        var errors = new FieldErrors();
        if (update.Hostname is { } hostname)
            CheckHostname("hostname", hostname, errors);
        if (update.Platform is { } platform)
            CheckPlatform(platform, errors);
        CheckSsh(update.SshHostname, update.SshUser, update.SshPort ?? 22, errors);
        CheckDocuments(update.Labels, update.ExtraMetadata?.ToJsonString(), errors);
        errors.ThrowIfAny();
    }

    /// <summary>An empty text means none.</summary>
    public static string? Empty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public static string Text(IReadOnlyDictionary<string, string>? labels) =>
        labels is null ? "{}" : JsonSerializer.Serialize(labels, WireJson.Default.IReadOnlyDictionaryStringString);

    private static void CheckHostname(string field, string hostname, FieldErrors errors)
    {
        if (hostname.Length is 0 or > MaxHostname)
            errors.Add(field, $"must have 1 to {MaxHostname} characters");
        else if (!char.IsAsciiLetterOrDigit(hostname[0]) || !hostname.All(IsHostCharacter))
            errors.Add(field, "may hold letters, digits, '.', '-' and '_', and starts with a letter or digit");
    }

    private static void CheckPlatform(string platform, FieldErrors errors)
    {
        if (platform.Length is 0 or > MaxText || platform.Any(char.IsControl))
            errors.Add("platform", $"must have 1 to {MaxText} printable characters");
    }

    private static void CheckSsh(string? hostname, string? user, int port, FieldErrors errors)
    {
        if (Empty(hostname) is { } host && !System.Net.IPAddress.TryParse(host, out _))
            CheckHostname("ssh_hostname", host, errors);
        if (Empty(user) is { } name && (name.Length > MaxUser || !IsUser(name)))
            errors.Add(
                "ssh_user",
                $"may hold up to {MaxUser} letters, digits, '.', '-' and '_', and starts with a letter or '_'"
            );
        if (port is < 1 or > 65535)
            errors.Add("ssh_port", "must be from 1 to 65535");
    }

    private static void CheckDocuments(
        IReadOnlyDictionary<string, string>? labels,
        string? metadata,
        FieldErrors errors
    )
    {
        if (labels is not null && Text(labels).Length > MaxDocumentChars)
            errors.Add("labels", $"must not be longer than {MaxDocumentChars} characters in all");
        if (labels?.Any(label => label.Key.Length == 0 || label.Key.Any(char.IsControl)) == true)
            errors.Add("labels", "must have names without control characters");
        if (metadata?.Length > MaxDocumentChars)
            errors.Add("extra_metadata", $"must not be longer than {MaxDocumentChars} characters");
    }

    private static bool IsHostCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    private static bool IsUser(string name) =>
        (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(IsHostCharacter);
}
