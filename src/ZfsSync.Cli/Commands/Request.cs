using System.CommandLine;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Client;

namespace ZfsSync.Cli.Commands;

/// <summary>One call of a command.</summary>
internal sealed record Request(ParseResult Parse, WitnessClient Witness, Screen Screen, WitnessAccess Access);
