using ZfsSync.Cli;

return await CommandLine.RunAsync(args, ProcessSurroundings.Create());
