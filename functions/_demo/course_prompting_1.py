""" "Prompting untuk Profesional", first part: what a prompt needs."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

PROMPTS: Final[Chapter] = Chapter(
    title="Dasar Prompt yang Baik",
    description="Tujuan, bahan, batas, dan bentuk: empat hal yang harus ada sebelum menekan kirim.",
    lessons=(
        LessonItem(
            title="Empat Bagian Sebuah Prompt",
            description=(
                "Tujuan, bahan, batas, dan bentuk hasil, dengan satu contoh yang diperbaiki "
                "bersama."
            ),
            minutes=10,
            is_free_preview=True,
            content="""
                    "Buatkan surat." Dua kata itu memaksa model menebak: untuk siapa, tentang apa,
                    seberapa panjang, sehalus apa. Tebakannya mengikuti surat yang paling lazim,
                    bukan keadaan Anda. Prompt yang baik mengurangi tebakan.

                    ## Empat bagian

                    1. **Tujuan**: apa yang harus terjadi setelah pembaca membaca hasilnya. "Pemasok
                       mengirim ulang barang paling lambat Jumat."
                    2. **Bahan**: fakta yang boleh dipakai. Nomor pesanan, tanggal, apa yang rusak.
                    3. **Batas**: apa yang tidak boleh ada. "Jangan mengancam, jangan menjanjikan
                       pembayaran."
                    4. **Bentuk**: panjang, nada, susunan. "Surel resmi, paling banyak 120 kata,
                       satu permintaan yang jelas di akhir."

                    ## Dari samar ke jelas

                    Samar: *Buatkan surat komplain ke pemasok.*

                    Jelas: *Tulis surel resmi kepada pemasok kertas kami. Tujuan: mereka mengganti
                    12 rim yang basah sebelum Jumat. Fakta: pesanan nomor 418, diterima Senin, foto
                    terlampir. Jangan mengancam dan jangan menyebut pemasok lain. Paling banyak 120
                    kata, akhiri dengan satu permintaan.*

                    Yang kedua lebih panjang, tetapi waktu yang terpakai untuk menulisnya kembali
                    pada saat Anda tidak perlu meminta perbaikan lima kali. Perhatikan juga bahwa
                    menulis tujuan memaksa Anda memutuskan sesuatu: apakah kita ingin barang
                    diganti, atau uang kembali? Model tidak dapat memutuskan itu.

                    ## Membaca jawabannya

                    Cocokkan hasil dengan keempat bagian, satu per satu.

                    | Bagian | Pertanyaan saat membaca hasil |
                    |---|---|
                    | Tujuan | Tahukah pemasok apa yang diminta dan sampai kapan? |
                    | Bahan | Adakah fakta yang tidak saya berikan? |
                    | Batas | Adakah janji atau ancaman yang terselubung? |
                    | Bentuk | Apakah permintaannya hanya satu, dan di akhir? |

                    Pada percobaan pertama, model menutup dengan "mohon diganti atau dananya
                    dikembalikan". Sopan, tetapi ia membuka pilihan yang tidak Anda inginkan: kertas
                    itu diperlukan. Tujuannya sudah tertulis, jadi yang ditambah adalah satu batas:
                    *jangan menawarkan pilihan selain penggantian.*

                    ## Coba sendiri

                    Buka tiga prompt terakhir Anda. Beri tanda mana dari empat bagian yang hilang.
                    Periksa terutama batasnya: yang tidak diinginkan sering baru terpikir setelah
                    muncul di hasil.

                    ## Bila hasilnya tetap meleset

                    Jangan langsung menambah kata. Baca jawabannya sebagai petunjuk: bagian mana
                    yang ditebak model? Jika nadanya keliru, bentuk kurang jelas. Jika ada fakta
                    yang tidak pernah Anda sebut, bahan kurang atau batas belum melarangnya. Jika
                    semuanya rapi tetapi tidak berguna, tujuannya yang perlu ditulis ulang. Satu
                    perbaikan pada bagian yang tepat biasanya lebih manjur daripada lima kalimat
                    tambahan di tempat yang salah.

                    Prompt yang baik juga dapat dibaca rekan Anda. Bila seorang rekan baru, dengan
                    bahan yang sama, tidak tahu apa yang harus dikerjakan, model pun menebak.
                """,
            questions=(
                Question(
                    "easy",
                    'Bagian mana yang hilang dari "Tulis ringkasan 100 kata yang sopan"?',
                    (
                        "Bentuk",
                        "Bentuk dan batas",
                        "Tujuan dan bahan",
                    ),
                    right=2,
                    because=(
                        "Panjang dan nadanya ada, jadi bentuknya ada. Tidak dikatakan untuk apa "
                        "ringkasan itu dan dari bahan apa."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Hasilnya rapi, tetapi menyebut potongan harga yang tidak pernah Anda "
                        "tawarkan. Apa yang paling tepat diperbaiki?"
                    ),
                    (
                        "Tujuan, karena pembaca belum jelas",
                        "Batas, karena janji baru belum dilarang",
                        "Bentuk, karena surelnya terlalu panjang",
                    ),
                    right=1,
                    because=(
                        "Model mengisi apa yang lazim dalam surat sejenis. Yang tidak boleh ada "
                        "perlu disebut."
                    ),
                ),
                Question(
                    "medium",
                    "Mengapa menulis tujuan juga berguna bagi Anda sendiri?",
                    (
                        "Anda terpaksa memutuskan hasil mana yang diinginkan",
                        "Model dapat memutuskan apakah barang diganti atau uang kembali",
                        "Bagian lain tidak perlu ditulis lagi",
                    ),
                    right=0,
                    because=(
                        "Memilih antara penggantian dan pengembalian uang adalah keputusan "
                        "kantor; prompt hanya menyampaikannya."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Memberi Konteks Secukupnya",
            description=(
                "Terlalu sedikit membuat model menebak, terlalu banyak membuat hal penting "
                "tenggelam."
            ),
            minutes=10,
            is_free_preview=True,
            content="""
                    Konteks bukan soal sebanyak-banyaknya. Bayangkan menitipkan tugas kepada rekan
                    baru yang cerdas, tetapi belum pernah masuk kantor Anda. Apa yang perlu ia tahu
                    agar tidak salah langkah, dan apa yang hanya akan membingungkannya?

                    ## Tiga jenis konteks

                    - **Pembaca**: siapa mereka, apa yang sudah mereka ketahui, apa yang mereka
                      khawatirkan.
                    - **Istilah**: singkatan dan nama khas kantor. "RKA adalah rencana kerja dan
                      anggaran tahunan kami."
                    - **Keadaan**: apa yang terjadi sebelum ini dan apa yang sudah dicoba.

                    ## Menempel dokumen panjang

                    Jika tugasnya menyangkut satu bab, tempel bab itu, bukan seluruh laporan. Beri
                    pagar yang jelas, misalnya tanda kutip tiga atau judul "BAHAN", supaya model
                    tidak mengira kalimat di dalam dokumen sebagai perintah Anda. Letakkan
                    pertanyaan sesudah bahan; pada teks panjang, perintah di akhir lebih jarang
                    terlewat.

                    > Tulis jawaban untuk pedagang berdasarkan BAHAN saja.
                    > BAHAN: (tempel bab 3, jadwal pemadaman)
                    > AKHIR BAHAN.
                    > Pertanyaan: kios mana yang terdampak pada hari Rabu, dan sampai pukul berapa?
                      Bila tidak ada di bahan, katakan begitu.

                    ## Minta model bertanya

                    Satu kalimat sederhana sering menolong: *Sebelum menulis, ajukan paling banyak
                    tiga pertanyaan bila ada keterangan yang kurang.* Pertanyaannya memperlihatkan
                    konteks mana yang Anda anggap sudah jelas padahal belum.

                    Bila ketiga pertanyaannya berkisar pada hal yang sama, misalnya siapa
                    pembacanya, di situlah lubangnya. Bila pertanyaannya menyangkut hal yang memang
                    tidak penting, jawab "bebas" dan lanjutkan.

                    ## Yang tidak perlu

                    Pujian, ancaman, dan cerita panjang tentang betapa pentingnya tugas ini jarang
                    memperbaiki isi. Gunakan ruang itu untuk satu contoh nyata. Dan ingat pelajaran
                    tentang data pribadi: konteks secukupnya juga berarti tidak menempelkan apa yang
                    tidak diperlukan.

                    ## Contoh: pengumuman pemadaman listrik

                    Tanpa konteks, model menulis pengumuman kantor yang umum. Dengan tiga baris
                    konteks hasilnya berubah: *Pembaca: 40 pedagang kios, kebanyakan membaca di
                    ponsel. Mereka khawatir soal lemari pendingin. Tahun lalu pengumuman terlambat
                    sehari.* Sekarang model mendahulukan jam pemadaman, menyarankan cara menjaga
                    dingin, dan meminta maaf untuk kejadian lama tanpa mengulang ceritanya.

                    Ketiga baris itu tidak ada di dokumen mana pun. Itulah pengetahuan yang Anda
                    bawa, dan bagian pekerjaan yang tidak dapat dititipkan.

                    ## Uji hapus satu

                    Ketika prompt mulai panjang, hapus satu baris konteks dan jalankan lagi.
                    Hasilnya berubah isi? Kembalikan baris itu. Hanya berubah susunan katanya?
                    Buang. Dalam contoh tadi, baris "kebanyakan membaca di ponsel" ternyata
                    menentukan: tanpa itu, jam pemadaman pindah ke paragraf ketiga. Baris tambahan
                    "panitia terdiri atas lima orang" tidak mengubah apa pun.
                """,
            questions=(
                Question(
                    "easy",
                    "Bahan Anda sepuluh halaman. Di mana pertanyaan sebaiknya diletakkan?",
                    (
                        "Di tengah, dekat bagian yang paling penting",
                        "Sesudah bahan, di akhir prompt",
                        "Sebelum bahan, tanpa diulang",
                    ),
                    right=1,
                    because="Pada teks panjang, perintah di akhir lebih jarang terlewat.",
                ),
                Question(
                    "medium",
                    "Mengapa bahan diberi penanda awal dan akhir?",
                    (
                        "Supaya model membaca bahan lebih cepat",
                        "Supaya bahan tidak dihitung sebagai token",
                        "Supaya kalimat di dalamnya tidak disangka perintah Anda",
                    ),
                    right=2,
                    because=(
                        'Dokumen dapat memuat kalimat seperti "kirimkan segera". Penanda membantu '
                        "memisahkannya dari permintaan Anda."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Anda menghapus satu baris konteks dan isi hasilnya tidak berubah. Apa "
                        "kesimpulannya?"
                    ),
                    (
                        "Baris itu dapat dibuang",
                        "Baris itu perlu dipertegas dengan huruf kapital",
                        "Model tidak membaca bagian konteks",
                    ),
                    right=0,
                    because=(
                        "Konteks yang tidak mengubah isi hanya menambah panjang, dan dapat "
                        "menenggelamkan baris yang penting."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Menentukan Bentuk Hasil",
            description=(
                "Tabel, daftar, surel, atau JSON: meminta bentuk yang langsung dapat dipakai."
            ),
            minutes=9,
            is_free_preview=True,
            content="""
                    Hasil yang benar tetapi salah bentuk tetap menambah pekerjaan. Bila akhirnya
                    Anda menyalin ke lembar kerja, mintalah tabel sejak awal.

                    ## Sebutkan bentuk dengan contoh

                    Kata "ringkas" berarti lain bagi tiap orang. Tulislah ukuran: tiga butir,
                    masing-masing paling banyak 15 kata. Untuk tabel, sebutkan nama kolomnya
                    berurutan. Untuk teks yang dibaca program lain, berikan contoh kosong yang
                    tepat:

                    > {"pelanggan": "...", "jenis": "keluhan atau pertanyaan", "mendesak": true atau
                      false}

                    ## Beri jalan keluar

                    Bentuk yang kaku mendorong model mengisi kotak yang seharusnya kosong.
                    Tambahkan: *Jika keterangan tidak ada di bahan, tulis "tidak disebut".* Kalimat
                    ini sederhana, dan mencegah banyak karangan.

                    ## Urutan memengaruhi isi

                    Bila Anda meminta kesimpulan lebih dulu, alasan sesudahnya akan menyesuaikan
                    diri dengan kesimpulan itu. Untuk penilaian, mintalah urutan terbalik: temuan,
                    pertimbangan, baru kesimpulan. Untuk surel, pembaca justru ingin kesimpulan di
                    depan; biarkan model menyusun temuannya dulu, lalu minta ia menulis surelnya.

                    ## Periksa dengan mata lain

                    Setelah mendapat tabel, pilih dua baris secara acak dan cocokkan dengan bahan.
                    Hitung jumlah barisnya. Baris yang hilang tidak memberi tanda apa pun, dan
                    bentuk yang rapi membuat kita lupa mencarinya.

                    ## Contoh: dari obrolan ke tabel

                    Sebuah tim mengumpulkan lima puluh pesan pelanggan. Permintaan pertama, "buatkan
                    tabelnya", memberi kolom yang berbeda setiap kali. Permintaan kedua menyebut
                    empat kolom, nilai yang boleh muncul di kolom jenis, dan aturan untuk isi yang
                    tidak ada. Setelah itu hasil hari Senin dapat ditempel di bawah hasil hari Jumat
                    tanpa disunting.

                    Kolom nomor pesan tidak menarik bagi siapa pun, sampai seorang manajer bertanya
                    dari mana sebuah keluhan berasal. Bentuk yang baik menyediakan jalan pulang ke
                    sumbernya.

                    Permintaan akhirnya berbunyi:

                    > Buat tabel dengan kolom berurutan: nomor pesan, produk, jenis, kutipan. Jenis
                      hanya "keluhan", "pertanyaan", atau "lainnya". Kutipan paling banyak delapan
                      kata, disalin persis. Bila produk tidak disebut, tulis "tidak disebut". Satu
                      baris untuk tiap pesan.

                    Nilai "lainnya" baru ditambahkan setelah pesan nomor 17, yang isinya hanya
                    "Selamat pagi". Dengan dua nilai saja, model terpaksa memilih, dan ia memilih
                    "pertanyaan". Setiap daftar nilai memerlukan satu kotak sisa.

                    ## Coba sendiri

                    Ambil laporan yang Anda susun tiap minggu. Tulis nama kolom atau judul bagiannya
                    sebagai contoh kosong, lalu pakai contoh itu di prompt. Simpan; minggu depan
                    Anda hanya mengganti bahannya.
                """,
            questions=(
                Question(
                    "easy",
                    "Apa guna kalimat \"bila produk tidak disebut, tulis 'tidak disebut'\"?",
                    (
                        "Membuat semua sel tabel tampak terisi",
                        "Mempersempit lebar kolom",
                        "Memberi jalan keluar selain mengarang isi",
                    ),
                    right=2,
                    because=(
                        "Tanpa jalan keluar, kotak yang seharusnya kosong cenderung diisi tebakan."
                    ),
                ),
                Question(
                    "medium",
                    "Anda meminta penilaian atas tiga usulan. Urutan mana yang sebaiknya diminta?",
                    (
                        "Kesimpulan, pertimbangan, temuan",
                        "Temuan, pertimbangan, kesimpulan",
                        "Kesimpulan saja, alasannya belakangan",
                    ),
                    right=1,
                    because=(
                        "Alasan yang ditulis sesudah kesimpulan cenderung membenarkannya. Susunan "
                        "untuk pembaca dapat dibalik kemudian."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Dari 50 pesan, tabel hasil berisi 48 baris yang semuanya benar. "
                        "Pemeriksaan mana yang menemukan masalahnya?"
                    ),
                    (
                        "Menghitung baris dan mencari nomor pesan yang tidak muncul",
                        "Mencocokkan lima baris acak, kata demi kata, dengan pesan aslinya",
                        "Memeriksa ejaan nama kolom",
                    ),
                    right=0,
                    because=(
                        "Baris yang ada memang benar, jadi contoh acak selalu lolos. Yang hilang "
                        "hanya tampak bila dihitung."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Memperbaiki lewat Percakapan",
            description=(
                "Kapan memperbaiki jawaban, kapan mengubah prompt, dan kapan memulai dari awal."
            ),
            minutes=9,
            is_free_preview=True,
            content="""
                    Jawaban pertama jarang yang terbaik. Pertanyaannya: perbaiki di mana?

                    ## Perbaiki jawaban

                    Jika isinya benar dan hanya bentuknya yang meleset, mintalah perubahan yang
                    sempit. "Pertahankan paragraf pertama. Pendekkan paragraf kedua menjadi dua
                    kalimat." Perintah "perbaiki lagi" memberi izin untuk mengubah semuanya,
                    termasuk yang sudah baik.

                    ## Ubah prompt

                    Jika kesalahannya terulang, masalahnya ada di permintaan. Kembali ke prompt,
                    tambahkan bagian yang kurang, dan jalankan lagi. Prompt yang diperbaiki dapat
                    dipakai minggu depan; rangkaian perbaikan di percakapan tidak.

                    ## Mulai dari awal

                    Percakapan panjang menumpuk sisa: salah paham yang sudah dikoreksi, gaya yang
                    sudah ditolak, bahan lama. Semuanya masih di meja kerja model. Bila jawaban
                    mulai mencampur versi, buka percakapan baru dan tempelkan hanya versi terakhir
                    beserta instruksi yang lengkap.

                    ## Ringkasnya

                    | Yang Anda lihat | Yang diubah |
                    |---|---|
                    | Isi benar, bentuk meleset | jawaban, dengan permintaan sempit |
                    | Fakta yang sama selalu hilang | prompt, bagian batas atau bahan |
                    | Gaya yang sudah ditolak muncul lagi | percakapan baru |
                    | Putaran keempat tidak lebih baik | tujuan atau bahan |

                    Untuk membuka percakapan baru, bawalah hasil terakhir beserta alasannya:

                    > Di bawah ini surel versi terakhir. Semua faktanya benar; jangan menambah atau
                      mengurangi. Yang belum baik hanya paragraf kedua: terlalu kaku untuk pelanggan
                      lama. Usulkan dua versi paragraf itu saja.

                    Karena hanya satu paragraf yang diminta, sisanya tidak dapat berubah diam-diam.
                    Bila model tetap mengirim seluruh surel, periksa dengan fitur "bandingkan
                    dokumen" di pengolah kata; ia lebih teliti daripada mata.

                    ## Catatan kecil yang berharga

                    Simpan prompt yang berhasil di satu berkas bersama. Tuliskan tiga hal: untuk
                    tugas apa, bahan apa yang harus disiapkan, dan apa yang tetap perlu diperiksa
                    manusia. Berkas seperti itu lebih berguna daripada daftar "100 prompt ajaib",
                    karena lahir dari pekerjaan Anda sendiri.

                    ## Latihan

                    Ambil satu tugas mingguan. Kerjakan dengan prompt tertulis. Setiap kali Anda
                    memperbaiki jawaban, tanyakan: apakah perbaikan ini seharusnya masuk ke prompt?
                    Setelah tiga minggu, prompt itu akan jarang perlu disentuh.

                    ## Contoh: tiga putaran

                    Putaran pertama menghasilkan surel yang terlalu panjang. "Pendekkan" membuat
                    tenggatnya ikut hilang. Putaran ketiga menyebut apa yang harus tinggal:
                    *pertahankan tanggal, nomor pesanan, dan permintaan di akhir; buang basa-basi di
                    paragraf pertama.* Hasilnya dapat dikirim. Pelajarannya masuk ke prompt sebagai
                    satu baris batas: tanggal dan nomor pesanan selalu disebut. Sejak itu putaran
                    pertama hampir selalu cukup.

                    Catat juga putaran yang gagal. Bila perbaikan keempat tidak lebih baik daripada
                    yang ketiga, kemungkinan besar bahan atau tujuannya yang kurang, dan percakapan
                    lebih panjang hanya menghabiskan waktu.
                """,
            questions=(
                Question(
                    "easy",
                    (
                        "Nomor pesanan hilang dari hasil untuk ketiga kalinya bulan ini. Apa yang "
                        "diperbaiki?"
                    ),
                    (
                        "Promptnya, dengan menyebut apa yang harus selalu ada",
                        "Hasilnya, dengan menambahkan nomor itu sendiri setiap kali",
                        "Modelnya, dengan pindah layanan",
                    ),
                    right=0,
                    because=(
                        "Kesalahan yang berulang menandakan permintaan yang kurang lengkap. "
                        "Perbaikan di prompt berlaku juga bulan depan."
                    ),
                ),
                Question(
                    "medium",
                    'Mengapa "perbaiki lagi" adalah permintaan yang berisiko?',
                    (
                        "Model tidak memahami permintaan yang sependek itu",
                        "Permintaan itu menghapus seluruh konteks",
                        "Bagian yang sudah baik boleh ikut berubah",
                    ),
                    right=2,
                    because=(
                        "Permintaan tanpa batas memberi izin mengubah semuanya. Sebutkan bagian "
                        "yang harus tinggal."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Dalam percakapan panjang, jawaban mulai mencampur versi lama dan baru. "
                        "Langkah mana yang paling tepat?"
                    ),
                    (
                        "Meminta model melupakan versi lama",
                        "Membuka percakapan baru dengan versi terakhir dan instruksi lengkap",
                        "Mengulang permintaan yang sama dengan lebih tegas dan menyebut versi lama",
                    ),
                    right=1,
                    because=(
                        "Versi lama masih berada di dalam konteks dan tetap ikut dipertimbangkan, "
                        "juga setelah diminta dilupakan."
                    ),
                ),
            ),
        ),
    ),
)
