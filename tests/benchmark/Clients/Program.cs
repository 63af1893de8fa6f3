using S3Multipart.Benchmark;

try
{
    switch (args.FirstOrDefault())
    {
        case "floor":
            using (FloorClient floor = new(UploadOptions.Parse(args[1..])))
            {
                await floor.RunAsync();
            }

            break;
        case "transferutility":
            await TransferUtilityClient.RunAsync(UploadOptions.Parse(args[1..]));
            break;
        case "throttle-proxy":
            ThrottleProxy.Run(args[1..]);
            break;
        case "crc":
            CrcSpeed.Run();
            break;
        default:
            Console.Error.WriteLine("""
                Clients floor|transferutility --endpoint URL --bucket B --folder DIR | --files FILE... | --stream PATH
                        --part-size N --throttle N
                    floor: [--put] sends each file by one request
                    transferutility: [--unsigned] sends payloads unsigned, [--tuned] sets what makes it cheapest
                Clients throttle-proxy --to PORT --rate 90MB --delay-ms 30
                Clients crc
                """);
            return 2;
    }

    return 0;
}
catch (Exception e)
{
    Console.Error.WriteLine(e);
    return 1;
}
