namespace ZfsSync.Testing.Differential;

/// <summary>One line of the listing that is compared after each command.</summary>
public sealed record ListedNode(IReadOnlyList<string> Values)
{
    /// <summary>The properties of a line, in its order.</summary>
    public static readonly string[] Columns =
    [
        "name",
        "type",
        "guid",
        "createtxg",
        "userrefs",
        "defer_destroy",
        "origin",
        "clones",
        "receive_resume_token",
        "encryptionroot",
        "keystatus",
        "mounted",
        "written",
        "readonly",
        "volsize",
        "t:p",
    ];

    public string Name => Values[0];
    public string Type => Values[1];
    public string Guid => Values[2];
    public ulong CreateTxg => ulong.Parse(Values[3]);
    public bool IsHeld => Values[4] is not ("0" or "-");
    public string Origin => Values[6];
    public bool HasToken => Values[8] != "-";
    public string EncryptionRoot => Values[9];
    public bool IsKeyMissing => Values[10] == "unavailable";
    public bool IsMounted => Values[11] == "yes";
    public bool IsReadOnly => Values[13] == "on";
    public bool IsDataset => Type is "filesystem" or "volume";
    public bool IsSnapshot => Type == "snapshot";
    public bool IsEncrypted => EncryptionRoot != "-";

    /// <summary>The dataset it is or belongs to.</summary>
    public string Owner => Name.Split('@', '#')[0];

    /// <summary>The name after @ or #.</summary>
    public string Short => Name[(Owner.Length + 1)..];

    public static IReadOnlyList<ListedNode> Parse(string listing) =>
        [
            .. listing
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => new ListedNode(line.Split('\t'))),
        ];

    /// <summary>
    /// What must be equal as it is; guids and txgs are compared by their relations. When an encrypted filesystem that was
    /// received is first mounted, zfs counts its users' space: that counts as written, but no receive minds it.
    /// </summary>
    public string Comparable =>
        string.Join(
            ' ',
            Values
                .Select((value, i) => (Column: Columns[i], Value: value))
                .Where(each => each.Column is not ("guid" or "createtxg") && !(IsEncrypted && each.Column == "written"))
                .Select(each => $"{each.Column}={Plain(each.Column, each.Value)}")
        );

    private static string Plain(string column, string value) =>
        column switch
        {
            "written" => value is "0" or "-" ? value : "some",
            "receive_resume_token" => value == "-" ? value : "some",
            "clones" => string.Join(',', value.Split(',').Order(StringComparer.Ordinal)),
            _ => value,
        };
}
