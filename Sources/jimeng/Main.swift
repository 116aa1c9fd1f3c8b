import ArgumentParser
import GatewayApp

@main
struct Main {
    static func main() async {
        await JimengCommand.main()
    }
}
