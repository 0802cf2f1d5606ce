using Ferry.Fixup.Appliance;

if (GuestWorker.TryRun(args, out var exitCode))
{
    return exitCode;
}

// The service's registrations follow with the hosting library.
return 2;
