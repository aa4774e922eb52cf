<?php
$client = new Redis();
$client->connect(getenv('CACHE_HOST'), (int) getenv('CACHE_PORT'));
$client->auth([getenv('CACHE_USER'), getenv('CACHE_PASSWORD')]);
if ($client->get('probe') === false && $client->getLastError() !== null) {
    fail($client->getLastError());
}
if ($argv[1] === 'work') {
    $client->set('shop:user:1', 'Ada', 60);
    $client->mGet(['shop:user:1', 'shop:user:2']);
    $client->hMSet('shop:cart:1', ['apples' => 3]);
    $client->hGetAll('shop:cart:1');
    $client->lPush('shop:queue', 'job');
    $client->blPop('shop:queue', 1);
    $client->zAdd('shop:scores', 1, 'Ada');
    $client->multi()->incr('shop:stock:1')->expire('shop:stock:1', 60)->exec();
    $client->eval("return redis.call('incr', KEYS[1])", ['shop:visits'], 1);
    $client->publish('shop:news', 'opened');
    if ($client->getLastError() !== null) {
        fail($client->getLastError());
    }
    ini_set('session.save_handler', 'redis');
    ini_set('session.save_path', sprintf('tcp://%s:%s?auth[]=%s&auth[]=%s', getenv('CACHE_HOST'), getenv('CACHE_PORT'), getenv('CACHE_USER'), getenv('CACHE_PASSWORD')));
    ini_set('session.use_cookies', '0');
    ini_set('session.cache_limiter', '');
    session_start() || fail('no session');
    $_SESSION['cart'] = [1];
    session_write_close() || fail('the session was not kept');
}
$client->close();

function fail(string $why): void
{
    fwrite(STDERR, $why . "\n");
    exit(1);
}
