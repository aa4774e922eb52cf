/** Where the programs beside this one connect to, and what they are asked to do: connect alone, or typical work. */
final class Where {
    static final String HOST = System.getenv("CACHE_HOST");
    static final int PORT = Integer.parseInt(System.getenv("CACHE_PORT"));
    static final String USER = System.getenv("CACHE_USER");
    static final String PASSWORD = System.getenv("CACHE_PASSWORD");
    static final String PROBE = "probe";

    private Where() {
    }

    static boolean working(String[] arguments) {
        return arguments.length == 1 && arguments[0].equals("work");
    }

    static void fail(Throwable why) {
        why.printStackTrace();
        System.exit(1);
    }
}
