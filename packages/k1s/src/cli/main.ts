process.stdout.write('k1s\n')
